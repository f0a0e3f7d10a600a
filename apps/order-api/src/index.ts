export { type CorsRequest, corsHeaders, type Headers, isPreflight } from './cors.js';
export { type BadPage, cursorOf, MAX_PAGE, nextLink, type Page, readPage } from './cursor.js';
export { DaprCache, type DaprOptions, DaprPipeline, DaprQueue, DaprState } from './dapr-ports.js';
export { csvCell, escapeMarkup } from './escape.js';
export { isNotModified, mayChange, orderETag, type Precondition } from './etag.js';
export { type DeliveryOptions, type DeliveryRoutes, handleDelivery } from './from-dapr.js';
export { handleRequest } from './handle.js';
export type { ApiRequest, ApiResponse } from './http.js';
export {
  decideIdempotency,
  type IdempotencyDecision,
  type IdempotencyKey,
  type IdempotencyRecord,
  idempotencyKey,
  RESUME_AFTER_MS,
  readIdempotencyKey,
} from './idempotency.js';
export { hasEnded, JOB_STATES, type Job, type JobEvent, type JobState, jobAfter } from './job.js';
export { MEDIA_TYPES, negotiate, type Representation } from './negotiate.js';
export { newOrderId, withOrderId } from './order-id.js';
export {
  type ApiOptions,
  type CachePort,
  DaprFailed,
  type Listed,
  type PipelinePort,
  type QueuePort,
  type StatePort,
  type Stored,
} from './ports.js';
export { type FailureStatus, problem } from './problem.js';
export { randomShare } from './random-share.js';
export { type OrderView, OVERDUE_AFTER_MS, represent } from './represent.js';
export { type ViewOptions, viewRoutes } from './view.js';
export {
  ATTEMPT_DELAYS_MS,
  type AttemptOutcome,
  afterAttempt,
  MOST_FAILURES,
  type NextAttempt,
  signingSecrets,
  type Webhook,
  webhookAfter,
  withNewSecret,
} from './webhook.js';
export {
  isWebhookFrom,
  newWebhookSecret,
  type ReceivedWebhook,
  signWebhook,
  TOLERANCE_S,
  WEBHOOK_HEADERS,
  type WebhookMessage,
} from './webhook-signature.js';
export { type WebhookRules, webhookUrlFault } from './webhook-url.js';
export { type WorkerOptions, workerRoutes } from './worker.js';
