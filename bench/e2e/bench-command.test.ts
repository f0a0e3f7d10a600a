import { cp, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkoutDir, controlStatus } from '@order-bench/rig';
import { execa } from 'execa';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readResults } from '../src/results/read-results.js';
import { isCorrect, type RunResult } from '../src/results/result.js';
import { isAlive } from '../test-kit/is-alive.js';

const testApp = (name: string) => fileURLToPath(new URL(`../test-apps/${name}`, import.meta.url));
const LONG = { timeout: 300_000 };
/** Where nothing is asked about time, thousands of orders to warm up with are a waste of it. */
const COLD = ['--mode', 'cold'];
const BRIEFLY_WARMED = ['--warm-up', '200'];
/** Every sort once: each is refused ten times, and daprd takes ten refusals a second (its maxRetriableErrorsPerSec). */
const MALFORMED = '15';

// One after the other: each holds the checkout, as a user's own run does.
describe('bench run', () => {
  let results: string;
  const bench = (...args: string[]) =>
    execa('node', [join(checkoutDir, 'bench/dist/main.js'), ...args], { reject: false, all: true, cwd: results });
  const run = (...args: string[]) => bench('run', '--results', results, ...args);
  const stored = async () => (await readResults(results)).map(({ result }) => result);

  beforeEach(async () => {
    results = await mkdtemp(join(tmpdir(), 'results-'));
  });

  it(
    'drains a burst through the Spin app and the Express app, from any folder, and stores a result each',
    LONG,
    async () => {
      const { exitCode, all } = await run(
        '--orders',
        '300',
        ...BRIEFLY_WARMED,
        '--contenders',
        'spin-ts',
        'express-ts',
      );
      const found = await stored();
      expect(exitCode, all).toBe(codeOf(found));
      expect(found.map(({ contender }) => contender).sort()).toEqual([
        'express-ts',
        expect.stringMatching(/^spin-ts(@spin-\d+\.\d+| \(stand-in\))$/),
      ]);
      for (const result of found) {
        expect(isCorrect(result), all).toBe(true);
        expect(all).toMatch(new RegExp(`^${result.contender.replaceAll(/[()]/g, '.')} .*(correct|VOID)$`, 'm'));
        expect(result.correctness).toMatchObject({ written: 300, missing: 0, duplicateWrites: 0 });
      }
    },
  );

  it('runs an Express app that somebody else wrote, from a folder outside this checkout', LONG, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'contender-'));
    await cp(testApp('foreign'), folder, { recursive: true });
    // In place of its author's `npm install express`.
    await symlink(join(checkoutDir, 'node_modules'), join(folder, 'node_modules'));
    const { exitCode, all } = await run('--orders', '200', ...COLD, '--contenders', folder);
    expect(exitCode, all).toBe(codeOf(await stored()));
    expect((await stored())[0]).toMatchObject({ contender: 'foreign', correctness: { written: 200, missing: 0 } });
  });

  it.each(['spin-ts', 'express-ts'])(
    'writes every hostile order with its exact content and dead-letters every malformed one intact: %s',
    { timeout: 600_000 },
    async contender => {
      const { exitCode, all } = await run(
        '--orders',
        '300',
        ...COLD,
        '--malformed',
        MALFORMED,
        '--contenders',
        contender,
      );
      expect(exitCode, all).toBe(0);
      const [result] = await stored();
      expect(result).toMatchObject({
        status: 'checked',
        orders: { count: 300, malformed: Number(MALFORMED) },
        correctness: {
          written: 300,
          missing: 0,
          corrupt: 0,
          goodDeadLettered: 0,
          malformedDeadLettered: Number(MALFORMED),
        },
      });
    },
  );

  it('names an order that an app acknowledged and lost, and where it was last seen', LONG, async () => {
    const { exitCode, all } = await run('--orders', '600', ...COLD, '--contenders', testApp('lossy'));
    expect(exitCode, all).toBe(1);
    const [result] = await stored();
    expect(result).toMatchObject({ status: 'incomplete', correctness: { written: 599, missing: 1 } });
    const reason = result?.status === 'incomplete' ? result.reason : '';
    expect(reason).toMatch(
      /^1 of 600 orders are not written although every queue is empty: 555 \(q-order-(express|standard): complete/,
    );
    expect(all).toContain(reason);
  });

  it(
    'stops with the name, the exit and the last words of a process that died, and measures nothing',
    LONG,
    async () => {
      const running = run('--orders', '5000', ...BRIEFLY_WARMED, '--contenders', 'express-ts');
      await vi.waitUntil(async () => ((await controlStatus(checkoutDir))?.processes.length ?? 0) >= 8, {
        timeout: 60_000,
        interval: 50,
      });
      const victim = (await controlStatus(checkoutDir))?.processes.find(({ name }) => name === 'app-distributor');
      process.kill(victim?.pid ?? 0, 'SIGKILL');
      const { exitCode, all } = await running;
      expect(exitCode).toBe(1);
      expect(all).toContain('error: app-distributor was ended by SIGKILL. Its last log lines');
      expect(await stored()).toEqual([]);
    },
  );

  it('measures on real Azurite, at its resolution of a second', LONG, async () => {
    const { exitCode, all } = await run('--orders', '100', ...COLD, '--contenders', 'express-ts', '--blobs', 'azurite');
    expect(exitCode, all).toBe(codeOf(await stored()));
    expect((await stored())[0]).toMatchObject({
      timing: { resolution: 'second' },
      correctness: { duplicateWrites: null },
    });
  });

  it(
    'killed with kill -9 leaves no process behind, and a second run refuses while the first is alive',
    LONG,
    async () => {
      const first = run('--orders', '2000', ...BRIEFLY_WARMED, '--contenders', 'express-ts');
      await vi.waitUntil(async () => ((await controlStatus(checkoutDir))?.processes.length ?? 0) >= 8, {
        timeout: 60_000,
        interval: 50,
      });
      const pids = (await controlStatus(checkoutDir))?.processes.map(({ pid }) => pid) ?? [];
      const second = await run('--orders', '10', '--contenders', 'express-ts');
      expect(second.exitCode).toBe(2);
      expect(second.all).toMatch(
        /this checkout is in use by 'bench run' \(process \d+, since .*\): wait for it, or stop it with 'make rig-down'/,
      );
      expect(pids.every(isAlive)).toBe(true);
      first.kill('SIGKILL');
      await first;
      await vi.waitUntil(() => !pids.some(isAlive), { timeout: 10_000 });
      expect(await stored()).toEqual([]);
    },
  );

  it('stopped by Ctrl-C ends everything it started and says so', LONG, async () => {
    const running = run('--orders', '2000', ...BRIEFLY_WARMED, '--contenders', 'express-ts');
    await vi.waitUntil(async () => ((await controlStatus(checkoutDir))?.processes.length ?? 0) >= 8, {
      timeout: 60_000,
      interval: 50,
    });
    const pids = (await controlStatus(checkoutDir))?.processes.map(({ pid }) => pid) ?? [];
    running.kill('SIGINT');
    const { exitCode, all } = await running;
    expect(exitCode).toBe(130);
    expect(all).toContain('nothing was stored for the run in progress');
    expect(pids.some(isAlive)).toBe(false);
  });

  it.each([
    [['run', '--orders', '0'], 'it takes a whole number from 1 on'],
    [['run', '--blobs', 's3'], 'Allowed choices are local, azurite'],
    [['run', '--contenders', 'cobol'], "no contender 'cobol': there are express-ts,"],
    [['run', '--contenders', 'spin-ts,express-ts'], 'separate names by blanks, as in spin-ts express-ts'],
    [['run', '--results', ''], '--results takes a folder'],
    [['export', '--results', '.', '--out', '/proc/nope/x.csv'], 'name another --out'],
    [['walk'], "unknown command 'walk'"],
  ])('called wrongly (%s) says what is wrong and exits with 2', async (args, message) => {
    const { exitCode, all } = await bench(...args);
    expect(exitCode).toBe(2);
    expect(all).toContain(message);
  });
});

/** A busy machine voids a run, which ends the command with 1; every order is right all the same. */
function codeOf(results: readonly RunResult[]): number {
  return results.some(({ status }) => status === 'void') ? 1 : 0;
}
