import { INGRESS_QUEUE } from '@order-bench/generator';
import { OUTBOX_BINDING } from '@order-bench/orders';

/** Every queue of the pipeline, in the order in which a message meets them. */
export const QUEUES = [INGRESS_QUEUE, 'q-order-express', 'q-order-standard'] as const;

/** The containers that orders end in; each has the name of the output binding that writes it. */
export const OUTBOXES = Object.values(OUTBOX_BINDING);

export { INGRESS_QUEUE };
