import type { Outcome } from './answer.js';
import { BindingFailed, type Bindings, BindingTimedOut } from './bindings.js';
import { distribute } from './distribute.js';
import { type Events, PublishFailed } from './events.js';
import type { AppId } from './names.js';
import { parseOrder } from './parse.js';
import { receive } from './receive.js';
import type { Trace } from './trace.js';

/** One delivery by Dapr to one app. */
export interface Delivery {
  readonly appId: AppId;
  /** The message's body as it came. */
  readonly bytes: Uint8Array;
  readonly bindings: Bindings;
  /** Absent where the setting `events` is off. */
  readonly events?: Events | undefined;
  readonly trace?: Trace | undefined;
}

/**
 * Takes one delivery from its bytes to its outcome: the whole of what an app does with an order.
 *
 * @throws only what is neither a refusal nor one of the errors of bindings and events, that is a defect
 */
export async function processOrder({ appId, bytes, bindings, events, trace }: Delivery): Promise<Outcome> {
  const parsed = parseOrder(bytes);
  if ('refusal' in parsed) return parsed.refusal;
  try {
    await STEP[appId]({ order: parsed.order, bindings, events, trace });
    return { kind: 'done' };
  } catch (error) {
    if (error instanceof BindingFailed || error instanceof PublishFailed) {
      return { kind: 'binding-failed', detail: error.message };
    }
    if (error instanceof BindingTimedOut) return { kind: 'binding-timed-out', detail: error.message };
    throw error;
  }
}

const STEP: Readonly<Record<AppId, typeof distribute>> = {
  distributor: distribute,
  'receiver-express': receive,
  'receiver-standard': receive,
};
