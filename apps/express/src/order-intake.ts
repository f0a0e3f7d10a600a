import {
  type AppId,
  answer,
  type Bindings,
  type Events,
  INPUT_BINDING,
  MAX_ORDER_BYTES,
  processOrder,
  tooLarge,
} from '@order-bench/orders';
import type { Logger } from 'pino';
import type { Intake } from './intake.js';
import { logOutcome } from './log-outcome.js';

/** What orders are taken with. */
export interface OrderIntakeOptions {
  readonly appId: AppId;
  readonly bindings: Bindings;
  /** Absent where the app is not to publish. */
  readonly events?: Events | undefined;
  readonly logger: Logger;
}

/** Takes one order a call, from the role's input binding. */
export function orderIntake({ appId, bindings, events, logger }: OrderIntakeOptions): Intake {
  return {
    path: `/${INPUT_BINDING[appId]}`,
    maxBytes: MAX_ORDER_BYTES,
    tooLarge,
    async take(bytes, trace) {
      const outcome = await processOrder({ appId, bytes, bindings, events, trace });
      logOutcome(logger, outcome, trace);
      return answer(outcome);
    },
  };
}
