/** How one queue behaves; named after Service Bus's queue properties. */
export interface QueueSettings {
  /** How long a received message stays locked, milliseconds. */
  readonly lockDurationMs: number;
  /** After this many deliveries without completion a message is dead-lettered. */
  readonly maxDeliveryCount: number;
  /** Upper bound and default of a message's time to live, milliseconds; absent: messages live for ever. */
  readonly defaultTimeToLiveMs?: number;
  /** Bytes that the queue with its dead letters may hold. */
  readonly maxSizeBytes: number;
  /** Whether an expired message moves to the dead-letter queue instead of being dropped. */
  readonly deadLetteringOnMessageExpiration: boolean;
}

/** Service Bus's own defaults, but for the lock: the rig's 60 s. */
export const defaultQueueSettings: QueueSettings = {
  lockDurationMs: 60_000,
  maxDeliveryCount: 10,
  maxSizeBytes: 1024 ** 3,
  deadLetteringOnMessageExpiration: false,
};

const POSITIVE_NUMBERS = ['lockDurationMs', 'maxDeliveryCount', 'defaultTimeToLiveMs', 'maxSizeBytes'] as const;

/**
 * Completes settings that came from outside (JSON) with `defaults`.
 *
 * @throws TypeError naming the setting that is unknown or does not fit.
 */
export function readQueueSettings(given: unknown, defaults: QueueSettings): QueueSettings {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new TypeError('queue settings must be a JSON object');
  }
  const settings: { -readonly [name in keyof QueueSettings]: QueueSettings[name] } = { ...defaults };
  for (const [name, value] of Object.entries(given) as [string, unknown][]) {
    const number = POSITIVE_NUMBERS.find(known => known === name);
    if (number) {
      if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
        throw new TypeError(`queue setting ${name} must be a whole number of at least 1`);
      }
      settings[number] = value;
    } else if (name === 'deadLetteringOnMessageExpiration') {
      if (typeof value !== 'boolean') throw new TypeError(`queue setting ${name} must be true or false`);
      settings[name] = value;
    } else {
      const known = [...POSITIVE_NUMBERS, 'deadLetteringOnMessageExpiration'].join(', ');
      throw new TypeError(`unknown queue setting ${name}; known are ${known}`);
    }
  }
  return settings;
}
