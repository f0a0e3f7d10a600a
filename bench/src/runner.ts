import type { BlobStoreKind, Rig } from '@order-bench/rig';
import { chartName } from './azure/chart-name.js';
import { runOnAzure } from './azure/run-on-azure.js';
import { azureTarget, type TargetFlags } from './azure/target-flags.js';
import { type Contender, findContender } from './contender.js';
import type { RunBasics } from './measured-run.js';
import { prepare, type Wanted } from './prepare.js';
import type { RunResult } from './result.js';
import { run } from './run.js';
import { type TuningFlags, tuningOf } from './tuning-flags.js';
import { UsageError } from './usage-error.js';
import type { CheckoutSession } from './with-checkout.js';

/** Contenders that are ready to run at a command's target. */
export interface Runner {
  /** In the order in which they were named. */
  readonly contenders: readonly Contender[];
  /** Does one run of one of them. */
  run(options: RunnerRun): Promise<RunResult>;
}

/** One run. */
export interface RunnerRun extends Omit<RunBasics, 'signal'> {
  readonly tuning: TuningFlags;
  /** Told as soon as the rig runs; never on Azure. */
  readonly onRig?: (rig: Rig) => void;
}

/** What a command says of its runs. */
export interface RunnerOptions {
  readonly flags: TargetFlags & Wanted;
  /** Where a rig writes orders. */
  readonly blobs: BlobStoreKind;
  readonly session: CheckoutSession;
}

/**
 * Finds the contenders. For this machine it also finds or builds what they need; on Azure they are installed.
 *
 * @throws UsageError for an unknown contender or runtime, two of one name, or flags that do not fit the target, ToolMissing where a tool is neither
 *   found nor built.
 */
export async function prepareRunner({ flags, blobs, session }: RunnerOptions): Promise<Runner> {
  const { signal } = session;
  const target = azureTarget(flags, signal);
  if (target) {
    if (flags.runtime.length > 0) throw new UsageError('--runtime is for this machine: on Azure the images decide');
    const found = await Promise.all(flags.contenders.map(findContender));
    // Said before the first run, not in the middle of a plan.
    for (const contender of found) chartName(contender);
    return {
      contenders: found,
      run: ({ tuning: { payloadBytes, warmUp }, ...basics }) =>
        runOnAzure({ ...basics, payloadBytes, warmUpOrders: warmUp, target, signal }),
    };
  }
  const { daprd, contenders } = await prepare(flags);
  return {
    contenders: [...contenders.values()].map(({ contender }) => contender),
    run: ({ tuning, contender, onRig, ...basics }) => {
      const ready = contenders.get(contender.name);
      if (!ready) throw new RangeError(`${contender.name} was not prepared`);
      return run({
        ...basics,
        ...ready,
        daprd,
        blobs,
        tuning: tuningOf(tuning),
        signal,
        onRig: rig => {
          session.setRig(rig);
          onRig?.(rig);
        },
      });
    },
  };
}
