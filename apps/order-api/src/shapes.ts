import { MAX_ITEMS, MAX_TEXT_CHARACTERS, ORDER_WRITTEN } from '@order-bench/orders';
import * as v from 'valibot';
import { JOB_STATES } from './job.js';

/*
 * What goes in and out, for the API's description (openapi.ts). What an order must be is decided in @order-bench/orders, the rest
 * by its handlers; a property-based client holds them to these shapes (bench/e2e/api-openapi.test.ts).
 */

const orderId = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER));
const text = v.pipe(v.string(), v.maxLength(MAX_TEXT_CHARACTERS));
const route = v.picklist(['express', 'standard']);
const time = v.pipe(v.string(), v.isoTimestamp());
const jobId = v.pipe(v.string(), v.regex(/^job_[0-9a-f-]{36}$/));
const webhookId = v.pipe(v.string(), v.regex(/^wh_[0-9a-f-]{36}$/));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const events = v.pipe(v.array(v.picklist([ORDER_WRITTEN])), v.minLength(1));
const url = v.pipe(v.string(), v.maxLength(2_000), v.url());

/** Anything that an order may hold beside its own fields: what Dapr passes on without change. */
const Value: v.GenericSchema = v.union([
  v.null(),
  v.boolean(),
  v.string(),
  v.pipe(v.number(), v.minValue(Number.MIN_SAFE_INTEGER), v.maxValue(Number.MAX_SAFE_INTEGER)),
  v.array(v.lazy(() => Value)),
  v.record(
    v.string(),
    v.lazy(() => Value),
  ),
]);

const OrderItem = v.objectWithRest(
  {
    orderItemId: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER)),
    sku: v.string(),
    quantity: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER)),
  },
  Value,
);

/** An order as it is sent; without `orderId` it gets one. */
const NewOrder = v.objectWithRest(
  {
    delivery: v.pipe(v.string(), v.regex(/^([Ee][Xx][Pp][Rr][Ee][Ss][Ss]|[Ss][Tt][Aa][Nn][Dd][Aa][Rr][Dd])$/)),
    orderId: v.optional(orderId),
    orderGuid: v.optional(v.pipe(v.string(), v.regex(/^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/))),
    description: v.optional(text),
    firstName: v.optional(text),
    lastName: v.optional(text),
    items: v.optional(v.pipe(v.array(OrderItem), v.minLength(1), v.maxLength(MAX_ITEMS))),
  },
  Value,
);

/** RFC 9457. */
const Problem = v.strictObject({
  type: v.literal('about:blank'),
  title: v.string(),
  status: v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599)),
  detail: v.string(),
  field: v.optional(v.string()),
});

const job = {
  jobId,
  status: v.picklist(JOB_STATES),
  done: count,
  total: count,
  refused: count,
};

const webhook = { id: webhookId, url, events, status: v.picklist(['pending', 'active', 'disabled']) };

/** Every shape by the name that the description gives it. */
export const SHAPES = {
  Value,
  OrderItem,
  NewOrder,
  Problem,
  OrderAccepted: v.strictObject({ orderId, status: v.literal('accepted') }),
  Order: v.strictObject({
    orderId,
    status: v.picklist(['accepted', 'overdue', 'written']),
    acceptedAt: time,
    order: v.optional(v.looseObject({})),
  }),
  OrderList: v.strictObject({
    orders: v.array(v.strictObject({ orderId, delivery: route, href: v.string() })),
  }),
  JobAccepted: v.strictObject({ jobId, status: v.literal('accepted') }),
  Job: v.strictObject({ ...job, problem: v.optional(Problem) }),
  Import: v.strictObject({
    ...job,
    lines: v.array(
      v.union([
        v.strictObject({ line: count, orderId, href: v.string() }),
        v.strictObject({ line: count, problem: Problem }),
      ]),
    ),
  }),
  NewWebhook: v.looseObject({ url, events }),
  Webhook: v.strictObject(webhook),
  WebhookWithSecret: v.strictObject({ ...webhook, secret: v.string() }),
  WebhookList: v.strictObject({ webhooks: v.array(v.strictObject({ ...webhook, href: v.string() })) }),
  NewSecret: v.strictObject({ id: webhookId, secret: v.string() }),
  DeliveryList: v.strictObject({
    deliveries: v.array(
      v.strictObject({
        eventId: v.string(),
        attempt: count,
        at: time,
        status: v.optional(count),
        outcome: v.picklist(['delivered', 'retry', 'given-up', 'gone']),
        reason: v.optional(v.string()),
        nextAt: v.optional(time),
      }),
    ),
  }),
  DeliveryQueued: v.strictObject({ eventId: v.string(), status: v.literal('queued') }),
} satisfies Readonly<Record<string, v.GenericSchema>>;
