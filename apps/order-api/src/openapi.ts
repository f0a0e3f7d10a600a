import { toJsonSchemaDefs } from '@valibot/to-json-schema';
import { MAX_PAGE } from './cursor.js';
import type { ApiRequest, ApiResponse } from './http.js';
import { IMPORT_TYPES } from './import-lines.js';
import { MEDIA_TYPES } from './negotiate.js';
import { type FailureStatus, problem } from './problem.js';
import type { ResourceRoute } from './resource.js';
import { SHAPES } from './shapes.js';

/** GET /openapi.json: what the API takes and answers, as OpenAPI 3.1. */
async function showOpenApi(_request: ApiRequest): Promise<ApiResponse> {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=3600' },
    body: DOCUMENT,
  };
}

/** The description's place; whoever wants to call the API may read it. */
export const OPENAPI_RESOURCES: readonly ResourceRoute[] = [
  [/^\/openapi\.json$/, { GET: showOpenApi, HEAD: showOpenApi }],
];

type Json = Readonly<Record<string, unknown>>;

const ref = (name: keyof typeof SHAPES): Json => ({ $ref: `#/components/schemas/${name}` });
const jsonOf = (name: keyof typeof SHAPES): Json => ({ [MEDIA_TYPES.json]: { schema: ref(name) } });
const TEXT: Json = { schema: { type: 'string' } };

const header = (description: string, schema: Json = { type: 'string' }): Json => ({
  description,
  required: true,
  schema,
});
const LOCATION = { Location: header('Where it is.') };
const RETRY_AFTER = { 'Retry-After': header('Seconds until asking again is worth it.') };
const ETAG = { ETag: header('The validator of what is answered.') };

const query = (name: string, schema: Json, description: string): Json => ({
  ...{ name, in: 'query', required: false, schema, description },
});
const PAGE = [
  query('limit', { type: 'integer', minimum: 1, maximum: MAX_PAGE }, 'Most entries of the page.'),
  query('cursor', { type: 'string' }, 'Where the page begins: from the Link header of the one before.'),
];
const path = (name: string, schema: Json): Json => ({ name, in: 'path', required: true, schema });
const ORDER_ID = path('orderId', { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const JOB_ID = path('jobId', { type: 'string', pattern: '^job_[0-9a-f-]{36}$' });
const WEBHOOK_ID = path('webhookId', { type: 'string', pattern: '^wh_[0-9a-f-]{36}$' });
const EVENT_ID = path('eventId', { type: 'string', pattern: '^[0-9A-Za-z_-]{1,100}$' });
const KEY_SCHEMA = { type: 'string', pattern: '^[!#-~]([ -~]{0,253}[!-~])?$' };
const KEY: Json = {
  ...{ name: 'Idempotency-Key', in: 'header', required: false, schema: KEY_SCHEMA },
  description: 'Any number of requests with one key make one resource.',
};
const IF_MATCH: Json = {
  ...{ name: 'If-Match', in: 'header', required: true },
  schema: { type: 'string', pattern: '^(\\*|"[!#-~]{0,100}")$' },
  description: 'The ETag that was seen: only who saw it last may change it.',
};

/** What can be called with what an answer names (OpenAPI 3.1, Link Object). */
const links = (operationIds: readonly string[], parameters: Json): Json =>
  Object.fromEntries(operationIds.map(operationId => [operationId, { operationId, parameters }]));
const OF_WEBHOOK = { webhookId: '$response.body#/id' };

interface OperationOptions {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly Json[];
  readonly requestBody?: Json;
  readonly responses: Readonly<Record<number, Json>>;
  readonly failures: readonly FailureStatus[];
}

/** Beside its own failures each answers 401, 413 where it reads a body, and 502 to 504 where Dapr is away. */
function operation({
  operationId,
  summary,
  parameters = [],
  requestBody,
  responses,
  failures,
}: OperationOptions): Json {
  const all: readonly FailureStatus[] = [...failures, 401, ...(requestBody ? ([413] as const) : []), 502, 503, 504];
  const failed = all.map((status): [number, Json] => [
    status,
    {
      description: problem(status, '').title,
      content: { 'application/problem+json': { schema: ref('Problem') } },
    },
  ]);
  return {
    operationId,
    summary,
    parameters,
    ...(requestBody ? { requestBody: { required: true, content: requestBody } } : {}),
    responses: { ...responses, ...Object.fromEntries(failed) },
  };
}

const PATHS: Readonly<Record<string, Json>> = {
  '/orders': {
    post: operation({
      operationId: 'acceptOrder',
      summary: 'Takes an order into the pipeline',
      parameters: [KEY],
      requestBody: jsonOf('NewOrder'),
      responses: {
        202: {
          description: 'Accepted: it is kept and in the queue',
          headers: { ...LOCATION, ...RETRY_AFTER },
          content: jsonOf('OrderAccepted'),
          links: links(['showOrder'], { orderId: '$response.body#/orderId' }),
        },
      },
      failures: [400, 409, 415, 422],
    }),
    get: operation({
      operationId: 'listOrders',
      summary: 'Lists written orders, a page at a time',
      parameters: [query('delivery', { enum: ['express', 'standard'] }, 'Only those of this delivery.'), ...PAGE],
      responses: { 200: { description: 'A page', content: { ...jsonOf('OrderList'), [MEDIA_TYPES.html]: TEXT } } },
      failures: [400, 406],
    }),
  },
  '/orders/{orderId}': {
    get: operation({
      operationId: 'showOrder',
      summary: 'Shows an order, and how far it is',
      parameters: [ORDER_ID],
      responses: {
        200: {
          description: 'The order in the form that was asked for',
          content: {
            ...jsonOf('Order'),
            ...{ [MEDIA_TYPES.xml]: TEXT, [MEDIA_TYPES.csv]: TEXT, [MEDIA_TYPES.html]: TEXT },
          },
        },
        304: { description: 'The caller has it' },
      },
      failures: [404, 406],
    }),
  },
  '/imports': {
    post: operation({
      operationId: 'beginImport',
      summary: 'Takes up to 10,000 orders, a line each, to be done in the background',
      parameters: [{ ...KEY, required: true }],
      requestBody: Object.fromEntries(IMPORT_TYPES.map(type => [type, TEXT])),
      responses: {
        202: {
          description: 'Accepted: its job tells how far it is',
          headers: { ...LOCATION, ...RETRY_AFTER },
          content: jsonOf('JobAccepted'),
          links: links(['showJob', 'cancelJob', 'showImport'], { jobId: '$response.body#/jobId' }),
        },
      },
      failures: [400, 409, 415, 422],
    }),
  },
  '/imports/{jobId}': {
    get: operation({
      operationId: 'showImport',
      summary: 'Shows what became of each line, a page at a time',
      parameters: [JOB_ID, ...PAGE],
      responses: { 200: { description: 'A page', content: { ...jsonOf('Import'), [MEDIA_TYPES.csv]: TEXT } } },
      failures: [400, 404, 406, 409],
    }),
  },
  '/jobs/{jobId}': {
    get: operation({
      operationId: 'showJob',
      summary: 'Shows how far a job is',
      parameters: [JOB_ID],
      responses: {
        200: { description: 'The job, which goes on, was cancelled or has failed', content: jsonOf('Job') },
        303: { description: 'The job has succeeded', headers: LOCATION, content: jsonOf('Job') },
      },
      failures: [404],
    }),
    delete: operation({
      operationId: 'cancelJob',
      summary: 'Has a job end before its next chunk',
      parameters: [JOB_ID],
      responses: { 202: { description: 'It ends, or has', headers: LOCATION, content: jsonOf('Job') } },
      failures: [404, 409],
    }),
  },
  '/webhooks': {
    post: operation({
      operationId: 'makeWebhook',
      summary: 'Makes a webhook; its secret is in this answer alone',
      requestBody: jsonOf('NewWebhook'),
      responses: {
        201: {
          description: 'Made',
          headers: { ...LOCATION, ...ETAG },
          content: jsonOf('WebhookWithSecret'),
          links: {
            ...links(['showWebhook', 'listDeliveries'], OF_WEBHOOK),
            ...links(['changeWebhook', 'renewSecret', 'deleteWebhook'], {
              ...OF_WEBHOOK,
              'If-Match': '$response.header.ETag',
            }),
          },
        },
      },
      failures: [400, 409, 415],
    }),
    get: operation({
      operationId: 'listWebhooks',
      summary: 'Lists webhooks, a page at a time',
      parameters: PAGE,
      responses: { 200: { description: 'A page', content: jsonOf('WebhookList') } },
      failures: [400],
    }),
  },
  '/webhooks/{webhookId}': {
    get: operation({
      operationId: 'showWebhook',
      summary: 'Shows a webhook, without its secret',
      parameters: [WEBHOOK_ID],
      responses: { 200: { description: 'The webhook', headers: ETAG, content: jsonOf('Webhook') } },
      failures: [404],
    }),
    put: operation({
      operationId: 'changeWebhook',
      summary: 'Changes a webhook',
      parameters: [WEBHOOK_ID, IF_MATCH],
      requestBody: jsonOf('NewWebhook'),
      responses: { 200: { description: 'Changed', headers: ETAG, content: jsonOf('Webhook') } },
      failures: [400, 404, 409, 412, 415, 428],
    }),
    delete: operation({
      operationId: 'deleteWebhook',
      summary: 'Deletes a webhook',
      parameters: [WEBHOOK_ID, IF_MATCH],
      responses: { 204: { description: 'Deleted' } },
      failures: [400, 404, 412, 428],
    }),
  },
  '/webhooks/{webhookId}/secret': {
    post: operation({
      operationId: 'renewSecret',
      summary: 'Makes a new secret; the old one signs too for a day',
      parameters: [WEBHOOK_ID, IF_MATCH],
      responses: { 200: { description: 'The secret', headers: ETAG, content: jsonOf('NewSecret') } },
      failures: [400, 404, 412, 428],
    }),
  },
  '/webhooks/{webhookId}/deliveries': {
    get: operation({
      operationId: 'listDeliveries',
      summary: 'Lists the last deliveries of a webhook',
      parameters: [WEBHOOK_ID],
      responses: { 200: { description: 'Newest first', content: jsonOf('DeliveryList') } },
      failures: [404],
    }),
  },
  '/webhooks/{webhookId}/deliveries/{eventId}': {
    post: operation({
      operationId: 'deliverAgain',
      summary: 'Delivers an event again',
      parameters: [WEBHOOK_ID, EVENT_ID],
      responses: { 202: { description: 'It is sent again', headers: LOCATION, content: jsonOf('DeliveryQueued') } },
      failures: [404, 409],
    }),
  },
};

const DOCUMENT = JSON.stringify({
  openapi: '3.1.0',
  info: {
    title: 'Order API',
    version: '1.0.0',
    description:
      'Takes orders into a pipeline, shows them when they are written, and tells partners. Errors are RFC 9457.',
  },
  servers: [{ url: '/' }],
  security: [{ token: [] }],
  paths: PATHS,
  components: {
    securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    schemas: toJsonSchemaDefs(SHAPES, {
      target: 'draft-2020-12',
      overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
    }),
  },
});
