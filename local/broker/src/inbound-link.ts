import type { MessageTaker } from './amqp/container.js';
import type { IncomingDelivery } from './amqp/incoming-link.js';
import { EncodedMessage } from './encoded-message.js';
import type { Entity } from './entity.js';
import { Refusal } from './errors.js';
import type { Later } from './latency.js';
import { checkMessageSize } from './message-size.js';

/** Serves a client's sender on a queue or topic: what arrives is enqueued, or refused with the reason. */
export function inboundLink(entity: Entity, later: Later): MessageTaker {
  return answering(later, ({ message, messageFormat }) => {
    checkMessageSize(entity.queue.name, message.length);
    entity.send(EncodedMessage.readTransfer(message, messageFormat));
  });
}

/** Does something with each message of a link; the answer to it is the Refusal that this throws, if it does. */
export function answering(later: Later, act: (delivery: IncomingDelivery) => void): MessageTaker {
  return {
    take: delivery =>
      later(() => {
        try {
          act(delivery);
          delivery.settle();
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          delivery.settle(error);
        }
      }),
  };
}
