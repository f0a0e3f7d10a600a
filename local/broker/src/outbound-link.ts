import type { MessageGiver } from './amqp/container.js';
import type { DeliveryState } from './amqp/delivery-state.js';
import type { OutgoingDelivery, OutgoingLink } from './amqp/outgoing-link.js';
import type { Consumer } from './dispatcher.js';
import type { Entity } from './entity.js';
import { LockLost, Refusal } from './errors.js';
import type { Later } from './latency.js';
import { outcomeOf, settleByOutcome } from './outcome.js';
import type { Queue } from './queue.js';
import type { Lock } from './queue-message.js';
import { swapUuidBytes } from './uuid.js';

/** Sender settle mode of a consumer in receive-and-delete mode: deliveries are settled before they are sent. */
const SETTLED = 1;

/** What a link that carries messages out needs. */
export interface OutboundLinkOptions {
  readonly link: OutgoingLink;
  readonly entity: Entity;
  readonly later: Later;
}

/**
 * A client's receiver on a queue. Closing it leaves its messages locked until their locks run out, as in the service:
 * the lock belongs to the message and not to the link.
 */
export class OutboundLink implements Consumer, MessageGiver {
  readonly #link: OutgoingLink;
  readonly #entity: Entity;
  readonly #queue: Queue;
  readonly #later: Later;
  readonly #deletesOnDelivery: boolean;
  readonly #locks = new Map<OutgoingDelivery, Lock>();
  /** The delivery count up to which the client takes messages, as far as the broker has heard of it. */
  #limit = 0;

  constructor({ link, entity, later }: OutboundLinkOptions) {
    this.#link = link;
    this.#entity = entity;
    this.#queue = entity.queue;
    this.#later = later;
    this.#deletesOnDelivery = link.attach.sndSettleMode === SETTLED;
  }

  get room(): number {
    return this.#limit - this.#link.deliveryCount;
  }

  takeOne(): void {
    if (this.#deletesOnDelivery) {
      const message = this.#queue.receiveAndDelete();
      if (message)
        this.#link.send({ message: message.content.encode(message), tag: this.#settledTag(), isSettled: true });
      return;
    }
    const lock = this.#queue.receive();
    if (!lock) return;
    const message = lock.message.content.encode(lock.message, lock.token);
    this.#locks.set(this.#link.send({ message, tag: swapUuidBytes(lock.token), isSettled: false }), lock);
  }

  onCredit(isDrain: boolean): void {
    const { limit } = this.#link;
    this.#later(() => this.#allow(limit, isDrain));
  }

  onState(delivery: OutgoingDelivery, state: DeliveryState): void {
    const lock = this.#locks.get(delivery);
    this.#locks.delete(delivery);
    this.#later(() => this.#settle(delivery, state, lock));
  }

  onClose(): void {
    this.#limit = 0;
    this.#entity.dispatcher.remove(this);
    this.#locks.clear();
  }

  #allow(limit: number, isDrain: boolean): void {
    if (!this.#link.isOpen) return;
    this.#limit = limit;
    this.#entity.dispatcher.wait(this);
    if (!isDrain) return;
    // What is there is sent first; then the credit that is left is given back, or the SDK closes the link.
    this.#entity.dispatcher.dispatch();
    this.#entity.dispatcher.remove(this);
    this.#link.finishDrain();
  }

  #settle(delivery: OutgoingDelivery, state: DeliveryState, lock: Lock | undefined): void {
    try {
      if (!lock) throw new LockLost(this.#queue.name);
      settleByOutcome(this.#queue, lock, outcomeOf(state));
      this.#entity.acknowledge(() => delivery.settle(state));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      delivery.refuse(error);
    }
  }

  #settledTag(): Buffer {
    const tag = Buffer.alloc(16);
    tag.writeUInt32BE(this.#link.deliveryCount >>> 0);
    return tag;
  }
}
