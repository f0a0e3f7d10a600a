import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { AZURE_LIKE } from './latency.js';
import { addTuningFlags, type TuningFlags, tuningArgs, tuningOf } from './tuning-flags.js';

const parsed = (...args: string[]) => {
  const command = addTuningFlags(new Command('run'))
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  return tuningOf(command.parse(args, { from: 'user' }).opts<TuningFlags>());
};

describe('the settings of a run', () => {
  it('are those that its flags name', () => {
    expect(
      parsed(
        ...['--handlers', '32', '--replicas', '2', '--payload-bytes', '4096', '--latency', 'azure-like'],
        ...['--spin-pooling', 'off', '--spin-threads', '1', '--spin-keep-resident', '16777216'],
      ),
    ).toEqual({
      handlers: 32,
      replicas: 2,
      payloadBytes: 4096,
      latency: AZURE_LIKE,
      spin: { outboundPooling: false, workerThreads: 1, keepResidentBytes: 16_777_216 },
    });
  });

  it('are given to another command by the flags that they came from', () => {
    const args = ['--handlers', '32', '--latency', '5/10', '--spin-pooling', 'off', '--spin-keep-resident', '0'];
    const command = addTuningFlags(new Command('run'));
    expect(tuningArgs(command.parse(args, { from: 'user' }).opts<TuningFlags>())).toEqual(args);
    expect(tuningArgs({})).toEqual([]);
  });

  it('are the contender’s own where there is no flag', () => {
    expect(parsed()).toEqual({ spin: {} });
  });

  it.each([
    ['--handlers', '0'],
    ['--payload-bytes', '64'],
    ['--latency', 'fast'],
    ['--spin-pooling', 'maybe'],
  ])('are refused where they do not fit: %s %s', (flag, value) => {
    expect(() => parsed(flag, value)).toThrow(flag);
  });
});
