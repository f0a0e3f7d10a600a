import { INGRESS_QUEUE } from '@order-bench/generator';
import { APP_IDS, DEAD_TOPIC, INPUT_TOPIC, OUTBOX_BINDING } from '@order-bench/orders';
import type { RigOptions } from '@order-bench/rig';
import type { ContenderDescriptor } from '../contenders/contender.js';

/** Every queue of the pipeline, in the order in which a message meets them. */
export const QUEUES = [INGRESS_QUEUE, 'q-order-express', 'q-order-standard'] as const;

/** The containers that orders end in; each has the name of the output binding that writes it. */
export const OUTBOXES = Object.values(OUTBOX_BINDING);

export { INGRESS_QUEUE };

/** What a contender's orders travel by, between generator, apps and verification. */
export interface Pipeline {
  /** The queue or topic that orders are sent to. */
  readonly ingress: string;
  /** Where they wait for an app, in the order in which a message meets them: queues, or subscriptions as Service Bus addresses them. */
  readonly stops: readonly string[];
  /** Where dead letters lie: that of each stop, and what is kept of such as have a topic of their own. */
  readonly boxes: readonly string[];
  /** What a broker must have for it. */
  readonly entities: Required<Pick<RigOptions, 'queues' | 'topics'>>;
}

/** The pipeline of a contender; that of queues unless its descriptor says otherwise. */
export function pipelineOf({ transport = 'queues' }: Pick<ContenderDescriptor, 'transport'> = {}): Pipeline {
  return PIPELINES[transport];
}

/** A subscription as Service Bus addresses it. */
export function subscriptionPath(topic: string, name: string): string {
  return `${topic}/Subscriptions/${name}`;
}

/** Of a topic of dead letters: its one subscription, which nothing reads. */
export const KEPT = 'kept';
/** Orders from topics that can never be processed are kept here: nothing reads it but a person. */
export const KEPT_ORDERS = subscriptionPath(DEAD_TOPIC, KEPT);

const SUBSCRIPTIONS = APP_IDS.map(appId => subscriptionPath(INPUT_TOPIC[appId], appId));

const PIPELINES: Readonly<Record<NonNullable<ContenderDescriptor['transport']>, Pipeline>> = {
  queues: { ingress: INGRESS_QUEUE, stops: QUEUES, boxes: QUEUES, entities: { queues: QUEUES, topics: {} } },
  topics: {
    ingress: INPUT_TOPIC.distributor,
    stops: SUBSCRIPTIONS,
    boxes: [...SUBSCRIPTIONS, KEPT_ORDERS],
    entities: {
      queues: [],
      topics: { ...Object.fromEntries(APP_IDS.map(appId => [INPUT_TOPIC[appId], [appId]])), [DEAD_TOPIC]: [KEPT] },
    },
  },
};

/** What a broker without a contender has: everything that any may want. */
export const ALL_ENTITIES: Pipeline['entities'] = {
  queues: PIPELINES.queues.entities.queues,
  topics: PIPELINES.topics.entities.topics,
};
