import {
  API_TOKEN_HEADER,
  answer,
  COMPRESSED,
  isApiToken,
  PROBLEM_CONTENT_TYPE,
  type Refusal,
  readTrace,
  STOPPING,
  type Trace,
  UNAUTHORIZED,
} from '@order-bench/orders';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type { Logger } from 'pino';
import type { Gate } from './gate.js';
import type { Intake, Reply } from './intake.js';
import { logOutcome } from './log-outcome.js';

/** What an app is made of. */
export interface AppOptions {
  readonly intake: Intake;
  readonly logger: Logger;
  /** Every order passes it; once it is closed the app answers 503. */
  readonly gate: Gate;
  /** What a caller must send to reach the intake's route; undefined lets everybody in. */
  readonly appApiToken?: string | undefined;
}

/** The Express app of one role: its intake's route and the health check. */
export function createApp({ intake, logger, gate, appApiToken }: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  const route = intake.path;

  app.get('/healthz', (_request, response) => {
    response.status(gate.isClosed ? 503 : 200).end();
  });
  if (appApiToken !== undefined) app.all(route, demand(appApiToken, logger));
  app.options(route, (_request, response) => {
    response.status(200).end();
  });
  app.post(route, pass(gate), readBody(intake), async (request, response) => {
    send(response, await intake.take(bodyOf(request.body), traceOf(request)));
  });
  app.all(route, (_request, response) => {
    response.status(405).set('allow', 'POST, OPTIONS').end();
  });
  app.use((_request, response) => {
    response.status(404).end();
  });
  app.use(handleError(intake, logger));
  return app;
}

/** Dapr calls every body JSON, whatever it is: read bytes and leave judging them to the intake. */
function readBody({ maxBytes }: Intake): RequestHandler {
  return express.raw({ type: () => true, limit: maxBytes, inflate: false });
}

/** The body parser sets no body where there was none. */
function bodyOf(body: unknown): Uint8Array {
  return body instanceof Uint8Array ? body : new Uint8Array();
}

function traceOf({ headers }: Request): Trace | undefined {
  return readTrace(name => headers[name] as string | undefined);
}

/** Lets nobody past who does not send the token, before anything of a body is read. */
function demand(appApiToken: string, logger: Logger): RequestHandler {
  return (request, response, next) => {
    if (isApiToken(request.get(API_TOKEN_HEADER), appApiToken)) return next();
    logOutcome(logger, UNAUTHORIZED, traceOf(request));
    send(response, answer(UNAUTHORIZED));
  };
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

function send(response: Response, { status, problem, json }: Reply): void {
  response.status(status);
  if (problem) response.type(PROBLEM_CONTENT_TYPE).send(JSON.stringify(problem));
  else if (json === undefined) response.end();
  else response.json(json);
}

/** Answers what failed before or beside an order's processing: a body that could not be read, or a defect. */
function handleError(intake: Intake, logger: Logger): ErrorRequestHandler {
  return (error: BodyError, request, response, next) => {
    if (response.headersSent) return next(error);
    const trace = traceOf(request);
    const refusal = refusalOf(error, intake);
    if (refusal) {
      logOutcome(logger, refusal, trace);
      return send(response, answer(refusal));
    }
    const { traceparent } = trace ?? {};
    if (error.type === 'request.aborted')
      logger.warn({ traceparent }, 'The caller left before its order had come whole.');
    else logger.error({ err: error, traceparent }, 'The request failed outside the processing of its order.');
    response.status(error.status ?? 500).end();
  };
}

/** An error with what the body parser adds to its own. */
type BodyError = Error & { readonly type?: string; readonly status?: number; readonly length?: number };

/** What the order was refused for, where it was the body parser that did. */
function refusalOf({ type, length }: BodyError, intake: Intake): Refusal | undefined {
  if (type === 'entity.too.large') return intake.tooLarge(length === undefined ? 'too many bytes' : `${length} bytes`);
  if (type === 'encoding.unsupported') return COMPRESSED;
  return undefined;
}
