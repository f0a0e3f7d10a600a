import {
  type Answer,
  type AppId,
  answer,
  type Bindings,
  INPUT_BINDING,
  MAX_ORDER_BYTES,
  type Outcome,
  PROBLEM_CONTENT_TYPE,
  processOrder,
  STOPPING,
  tooLarge,
} from '@order-bench/orders';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express';
import type { Logger } from 'pino';
import type { Gate } from './gate.js';

/** What an app is made of. */
export interface AppOptions {
  readonly appId: AppId;
  readonly bindings: Bindings;
  readonly logger: Logger;
  /** Every order passes it; once it is closed the app answers 503. */
  readonly gate: Gate;
}

/** The Express app of one role: its input binding's route and the health check. */
export function createApp({ appId, bindings, logger, gate }: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const route = `/${INPUT_BINDING[appId]}`;

  app.get('/healthz', (_request, response) => {
    response.status(gate.isClosed ? 503 : 200).end();
  });
  app.options(route, (_request, response) => {
    response.status(200).end();
  });
  app.post(route, pass(gate), readBody, async (request, response) => {
    const outcome = await processOrder({ appId, bytes: bodyOf(request.body), bindings });
    log(logger, outcome);
    send(response, answer(outcome));
  });
  app.use(handleError(logger));
  return app;
}

/** Dapr calls every body JSON, whatever it is: read bytes and leave judging them to the order's parser. */
const readBody = express.raw({ type: () => true, limit: MAX_ORDER_BYTES, inflate: false });

/** The body parser sets no body where there was none. */
function bodyOf(body: unknown): Uint8Array {
  return body instanceof Uint8Array ? body : new Uint8Array();
}

function pass(gate: Gate): RequestHandler {
  return (_request, response, next) => {
    if (!gate.enter()) {
      response.set('connection', 'close');
      send(response, answer(STOPPING));
      return;
    }
    response.once('close', () => gate.leave());
    next();
  };
}

function send(response: Response, { status, problem }: Answer): void {
  response.status(status);
  if (problem) response.type(PROBLEM_CONTENT_TYPE).send(JSON.stringify(problem));
  else response.end();
}

/** An outcome's detail holds an order's id at most, never its content. */
function log(logger: Logger, outcome: Outcome): void {
  if (outcome.kind !== 'done') logger.warn({ outcome: outcome.kind }, outcome.detail);
}

/** Answers what failed before or beside an order's processing: a body that could not be read, or a defect. */
function handleError(logger: Logger): ErrorRequestHandler {
  return (error: Error & { type?: string; status?: number; length?: number }, _request, response, next) => {
    if (response.headersSent) return next(error);
    if (error.type === 'entity.too.large') {
      const refusal = tooLarge(error.length === undefined ? 'too many bytes' : `${error.length} bytes`);
      log(logger, refusal);
      return send(response, answer(refusal));
    }
    logger.error({ err: error }, 'The request failed outside the processing of its order.');
    response.status(error.status ?? 500).end();
  };
}
