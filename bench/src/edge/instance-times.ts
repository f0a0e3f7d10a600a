import type { AppId } from '@order-bench/orders';
import { execa } from 'execa';
import { quantile } from 'simple-statistics';
import type { ReadyContender } from '../contenders/build.js';
import { spinManifest } from '../contenders/contender.js';
import { spinSetup } from '../contenders/spin-settings.js';
import type { CoreSplit, InstanceTimes } from '../results/k6-result.js';
import { pinned } from '../sites/cores.js';

/** Enough for a 99th percentile. */
const COUNT = 1_000;

/**
 * Has the stand-in Spin host time instances of a role's component, with the settings of the contender; undefined where
 * another program runs it: Spin has no command for that.
 */
export async function instanceTimes(options: {
  readonly ready: ReadyContender;
  readonly role: AppId;
  readonly cores: CoreSplit | null;
  readonly signal: AbortSignal;
}): Promise<InstanceTimes | undefined> {
  const { ready, role, cores, signal } = options;
  const { contender, runtime } = ready;
  if (runtime.kind !== 'stand-in') return undefined;
  const asked = ['instantiate', '--from', spinManifest(contender), '--component-id', role, '--count', String(COUNT)];
  const [program = '', ...args] = pinned([...runtime.command, ...asked], cores?.app);
  const env = { ...runtime.env, ...spinSetup(contender.spin ?? {}).env };
  const { stdout } = await execa(program, args, { env, cancelSignal: signal });
  const times = JSON.parse(stdout) as { readonly madeUs: number; readonly givenBackUs: number }[];
  const ms = (of: 'madeUs' | 'givenBackUs', p: number) =>
    quantile(
      times.map(time => time[of]),
      p,
    ) / 1000;
  return {
    count: times.length,
    madeP50Ms: ms('madeUs', 0.5),
    madeP99Ms: ms('madeUs', 0.99),
    givenBackP50Ms: ms('givenBackUs', 0.5),
    givenBackP99Ms: ms('givenBackUs', 0.99),
  };
}
