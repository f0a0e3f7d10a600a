import type { EventContext, Receiver } from 'rhea';
import { EncodedMessage } from './encoded-message.js';
import type { Entity } from './entity.js';
import { Refusal } from './errors.js';
import type { Later } from './latency.js';
import { checkMessageSize } from './message-size.js';
import { settleIncoming } from './rhea-internals.js';

/** What a link that carries messages in needs. */
export interface InboundLinkOptions {
  readonly receiver: Receiver;
  readonly entity: Entity;
  readonly later: Later;
}

/** Serves a client's sender on a queue: what arrives is enqueued, or refused with the reason. */
export function serveInboundLink({ receiver, entity, later }: InboundLinkOptions): void {
  receiver.on('message', ({ message, delivery }: EventContext) => {
    if (!delivery) return;
    const encoded = message as unknown as Buffer;
    later(() => {
      try {
        accept(entity, encoded, delivery.format);
        settleIncoming(delivery);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        settleIncoming(delivery, error.toAmqp());
      }
    });
  });
}

function accept({ queue }: Entity, encoded: Buffer, format: number): void {
  checkMessageSize(queue.name, encoded.length);
  queue.send(EncodedMessage.readTransfer(encoded, format));
}
