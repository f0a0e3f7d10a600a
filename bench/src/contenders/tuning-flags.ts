import { PAYLOAD_BYTES } from '@order-bench/generator';
import { type Command, InvalidArgumentError } from 'commander';
import * as v from 'valibot';
import { integer } from '../text/flags.js';
import { COUNT, POSITIVE } from '../text/shape.js';
import { LATENCY, parseLatency } from './latency.js';
import type { Tuning } from './tuning.js';
import { WARM_UP_ORDERS } from './tuning.js';

/** The shape of a run's settings as the flags of a command give them. */
export const GIVEN_TUNING = v.strictObject({
  handlers: v.exactOptional(POSITIVE),
  replicas: v.exactOptional(POSITIVE),
  payloadBytes: v.exactOptional(POSITIVE),
  /** Orders. */
  warmUp: v.exactOptional(COUNT),
  latency: v.exactOptional(LATENCY),
  spinPooling: v.exactOptional(v.boolean()),
  spinThreads: v.exactOptional(POSITIVE),
  spinKeepResident: v.exactOptional(COUNT),
});

/** A run's settings as the flags of a command give them. */
export interface TuningFlags extends v.InferOutput<typeof GIVEN_TUNING> {}

/** One setting: how a flag names it, what it does, and how its value is read. */
export interface TuningFlag {
  readonly key: keyof TuningFlags;
  /** The flag without its dashes. */
  readonly name: string;
  readonly placeholder: string;
  readonly description: string;
  /** @throws InvalidArgumentError for a value that does not fit. */
  readonly parse: (text: string) => unknown;
  /** Whether it means something to contenders that run on Spin alone. */
  readonly spinOnly: boolean;
}

/** Every setting that a run takes and a sweep can vary. */
export const TUNING_FLAGS: readonly TuningFlag[] = [
  {
    key: 'handlers',
    name: 'handlers',
    placeholder: 'n',
    description: 'messages that each daprd holds, and calls to its app, at once',
    parse: integer(1),
    spinOnly: false,
  },
  {
    key: 'replicas',
    name: 'replicas',
    placeholder: 'n',
    description: 'processes per app id, each with a daprd of its own',
    parse: integer(1),
    spinOnly: false,
  },
  {
    key: 'payloadBytes',
    name: 'payload-bytes',
    placeholder: 'n',
    description: `size of each order, ${PAYLOAD_BYTES.least} to ${PAYLOAD_BYTES.most}`,
    parse: integer(PAYLOAD_BYTES.least, PAYLOAD_BYTES.most),
    spinOnly: false,
  },
  {
    key: 'warmUp',
    name: 'warm-up',
    placeholder: 'n',
    description: `orders before the first one that counts; ${WARM_UP_ORDERS} for every contender unless given`,
    parse: integer(0),
    spinOnly: false,
  },
  {
    key: 'latency',
    name: 'latency',
    placeholder: 'delay',
    description: 'of each queue and blob operation: none, azure-like or <queue ms>/<blob ms>',
    parse: parseLatency,
    spinOnly: false,
  },
  {
    key: 'spinPooling',
    name: 'spin-pooling',
    placeholder: 'on|off',
    description: 'Spin: whether outbound connections are kept',
    parse: onOff,
    spinOnly: true,
  },
  {
    key: 'spinThreads',
    name: 'spin-threads',
    placeholder: 'n',
    description: 'Spin: worker threads per process',
    parse: integer(1),
    spinOnly: true,
  },
  {
    key: 'spinKeepResident',
    name: 'spin-keep-resident',
    placeholder: 'bytes',
    description: 'Spin: memory of a guest that is not given back to the system',
    parse: integer(0),
    spinOnly: true,
  },
];

/** Adds the flags of all settings, or of these, to a command; without a flag a contender's own value holds. */
export function addTuningFlags(command: Command, keys?: readonly (keyof TuningFlags)[]): Command {
  for (const { key, name, placeholder, description, parse } of TUNING_FLAGS) {
    if (keys && !keys.includes(key)) continue;
    command.option(`--${name} <${placeholder}>`, description, parse);
  }
  return command;
}

/** The flags that give a command these settings. */
export function tuningArgs(flags: TuningFlags): string[] {
  return TUNING_FLAGS.flatMap(({ key, name }) => {
    const value = flags[key];
    return value === undefined ? [] : [`--${name}`, flagText(value)];
  });
}

/** What the flags of a command, or the values of a sweep's cell, set. */
export function tuningOf(flags: TuningFlags): Tuning {
  const { handlers, replicas, payloadBytes, warmUp, latency, spinPooling, spinThreads, spinKeepResident } = flags;
  return {
    ...(handlers === undefined ? {} : { handlers }),
    ...(replicas === undefined ? {} : { replicas }),
    ...(payloadBytes === undefined ? {} : { payloadBytes }),
    ...(warmUp === undefined ? {} : { warmUpOrders: warmUp }),
    ...(latency === undefined ? {} : { latency }),
    spin: {
      ...(spinPooling === undefined ? {} : { outboundPooling: spinPooling }),
      ...(spinThreads === undefined ? {} : { workerThreads: spinThreads }),
      ...(spinKeepResident === undefined ? {} : { keepResidentBytes: spinKeepResident }),
    },
  };
}

/** As its parser takes it; a latency's name is what it was given as. */
function flagText(value: NonNullable<TuningFlags[keyof TuningFlags]>): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'object' ? value.name : String(value);
}

function onOff(text: string): boolean {
  if (text !== 'on' && text !== 'off') throw new InvalidArgumentError('it takes on or off.');
  return text === 'on';
}
