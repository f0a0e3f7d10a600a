import type { Delivery, EventContext, Sender } from 'rhea';
import type { Consumer } from './dispatcher.js';
import type { Entity } from './entity.js';
import { LockLost, Refusal } from './errors.js';
import type { Later } from './latency.js';
import { outcomeOf, settleByOutcome } from './outcome.js';
import type { Queue } from './queue.js';
import type { Lock } from './queue-message.js';
import { deliveryLimit, finishDrain, isDraining, sendSettled, settleOutgoing } from './rhea-internals.js';
import { swapUuidBytes } from './uuid.js';

/** Sender settle mode of a consumer in receive-and-delete mode: deliveries are settled before they are sent. */
const SETTLED = 1;

/** What a link that carries messages out needs. */
export interface OutboundLinkOptions {
  readonly sender: Sender;
  readonly entity: Entity;
  readonly later: Later;
}

/**
 * A client's receiver on a queue. Closing it leaves its messages locked until their locks run out, as in the service:
 * the lock belongs to the message and not to the link.
 */
export class OutboundLink implements Consumer {
  readonly #sender: Sender;
  readonly #entity: Entity;
  readonly #queue: Queue;
  readonly #deletesOnDelivery: boolean;
  readonly #locks = new Map<Delivery, Lock>();
  /** Deliveries that the consumer has allowed since the link was opened. */
  #limit = 0;
  /** Deliveries handed to rhea since then. */
  #sent = 0;

  constructor({ sender, entity, later }: OutboundLinkOptions) {
    this.#sender = sender;
    this.#entity = entity;
    this.#queue = entity.queue;
    this.#deletesOnDelivery = sender.snd_settle_mode === SETTLED;
    sender.on('sender_flow', () => {
      const limit = deliveryLimit(sender);
      const isDrain = isDraining(sender);
      later(() => this.#allow(limit, isDrain));
    });
    for (const outcome of ['accepted', 'modified', 'rejected', 'released']) {
      sender.on(outcome, ({ delivery }: EventContext) => {
        // On a closed link nothing is settled or answered: the Python SDK then settles by a request, with the lock token.
        if (!delivery || this.#deletesOnDelivery || !sender.is_open()) return;
        const lock = this.#locks.get(delivery);
        this.#locks.delete(delivery);
        later(() => this.#settle(delivery, lock));
      });
    }
  }

  get room(): number {
    return this.#limit - this.#sent;
  }

  takeOne(): void {
    this.#sent++;
    if (this.#deletesOnDelivery) {
      const message = this.#queue.receiveAndDelete();
      if (message) sendSettled(this.#sender, this.#settledTag(), message.content.encode(message));
      return;
    }
    const lock = this.#queue.receive();
    if (!lock) return;
    const encoded = lock.message.content.encode(lock.message, lock.token);
    this.#locks.set(this.#sender.send(encoded, swapUuidBytes(lock.token), 0), lock);
  }

  /** The client has closed the link or is gone. */
  close(): void {
    this.#limit = 0;
    this.#entity.dispatcher.remove(this);
    this.#locks.clear();
  }

  #allow(limit: number, isDrain: boolean): void {
    if (!this.#sender.is_open()) return;
    this.#limit = limit;
    this.#entity.dispatcher.wait(this);
    if (!isDrain) return;
    // What is there is sent first; then the credit that is left is given back, or the SDK closes the link.
    this.#entity.dispatcher.dispatch();
    this.#sent = limit;
    this.#entity.dispatcher.remove(this);
    // After rhea has written them: it would not send what it holds to a link without credit.
    process.nextTick(() => {
      if (this.#sender.is_open()) finishDrain(this.#sender);
    });
  }

  #settle(delivery: Delivery, lock: Lock | undefined): void {
    try {
      if (!lock) throw new LockLost(this.#queue.name);
      settleByOutcome(this.#queue, lock, outcomeOf(delivery));
      this.#entity.acknowledge(() => settleOutgoing(delivery));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      settleOutgoing(delivery, error.toAmqp());
    }
  }

  #settledTag(): Buffer {
    const tag = Buffer.alloc(16);
    tag.writeUInt32BE(this.#sent);
    return tag;
  }
}
