import { describe, expect, it } from 'vitest';
import { prepareRunner } from './runner.js';

describe('a runner for Azure', () => {
  // Nothing is connected before the first run.
  const prepared = (...contenders: readonly string[]) =>
    prepareRunner({
      flags: {
        contenders,
        runtime: [],
        target: 'azure',
        namespace: 'made-up.servicebus.windows.net',
        accountUrl: 'https://made-up.blob.core.windows.net',
        force: false,
      },
      blobs: 'local',
      session: { signal: new AbortController().signal, setRig: () => {} },
    });

  it('has the contenders in the order in which they were named', async () => {
    const { contenders } = await prepared('spin-ts', 'express-ts');
    expect(contenders.map(({ name }) => name)).toEqual(['spin-ts', 'express-ts']);
  });

  it('is refused before the first run where a contender does not run on a cluster', async () => {
    await expect(prepared('express-ts', 'rig-direct')).rejects.toThrow('rig-direct does not run on a cluster');
  });

  it('is refused for a contender by topics, whose orders of an earlier run it could not cancel', async () => {
    await expect(prepared('express-ts', 'express-ts-bulk')).rejects.toThrow(
      /^express-ts-bulk does not run with --target azure: .* take --target kubernetes$/,
    );
  });

  it('is refused for an unknown contender, with the names of all', async () => {
    await expect(prepared('exprss-ts')).rejects.toThrow(/no contender 'exprss-ts': there are .*express-ts/);
  });
});
