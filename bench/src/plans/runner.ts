import type { BlobStoreKind, Rig } from '@order-bench/rig';
import { type Contender, findContender, usesSpin } from '../contenders/contender.js';
import { prepare, type Wanted } from '../contenders/prepare.js';
import { contenderLabel, type RuntimeFacts, runtimeTitle, STAND_IN } from '../contenders/runtime.js';
import { type TuningFlags, tuningOf } from '../contenders/tuning-flags.js';
import type { RunResult } from '../results/result.js';
import type { RunBasics } from '../run/measured-run.js';
import { chartName } from '../sites/cluster/cluster-site.js';
import { runOnCluster } from '../sites/cluster/run-on-cluster.js';
import { type ClusterTarget, clusterTarget, type TargetFlags } from '../sites/cluster/target-flags.js';
import { run } from '../sites/rig/run-on-rig.js';
import { UsageError } from '../text/usage-error.js';

/** Contenders that are ready to run at a command's target. */
export interface Runner {
  /** In the order in which they were named. */
  readonly contenders: readonly Contender[];
  /** What runs a contender's apps here, as its results name it (`settings.host`); null where only a run tells. */
  hostOf(contender: Contender): string | null;
  /** Does one run of one of them. */
  run(options: RunnerRun): Promise<RunResult>;
}

/** One run. */
export interface RunnerRun extends Omit<RunBasics, 'signal'> {
  readonly tuning: TuningFlags;
  /** Whether receivers publish that an order is written; they do not unless it is said, and never on a cluster. */
  readonly publishes?: boolean;
  /** Told as soon as the rig runs; never on a cluster. */
  readonly onRig?: (rig: Rig) => void;
}

/** Who answers for the rigs that runs start, as the command that holds the checkout. */
export interface RigHolder {
  /** Aborted by Ctrl-C, SIGTERM, SIGHUP and `rig down`. */
  readonly signal: AbortSignal;
  /** Told of each rig as it is up: shows it to `rig status`, and kills it on a second Ctrl-C. */
  setRig(rig: Rig): void;
}

/** What a command says of its runs. */
export interface RunnerOptions {
  readonly flags: TargetFlags & Wanted;
  /** Where a rig writes orders. */
  readonly blobs: BlobStoreKind;
  readonly session: RigHolder;
}

/**
 * Finds the contenders. For this machine it also finds or builds what they need; on a cluster they are installed.
 *
 * @throws UsageError for an unknown contender or runtime, two of one name, or flags that do not fit the target, ToolMissing where a tool is neither
 *   found nor built.
 */
export async function prepareRunner({ flags, blobs, session }: RunnerOptions): Promise<Runner> {
  const { signal } = session;
  const target = clusterTarget(flags, signal);
  if (target) {
    const found = await clusterContenders(flags, target);
    return {
      contenders: found.map(({ contender }) => contender),
      hostOf: () => null,
      run: ({ tuning: { payloadBytes, warmUp }, ...basics }) => {
        const standIn = found.find(({ contender }) => contender === basics.contender)?.standIn ?? null;
        return runOnCluster({ ...basics, ...target, standIn, payloadBytes, warmUpOrders: warmUp, signal });
      },
    };
  }
  const { daprd, contenders } = await prepare(flags);
  const readyOf = ({ name }: Contender) => {
    const ready = contenders.get(name);
    if (!ready) throw new RangeError(`${name} was not prepared`);
    return ready;
  };
  return {
    contenders: [...contenders.values()].map(({ contender }) => contender),
    hostOf: contender => runtimeTitle(readyOf(contender).runtime),
    run: ({ tuning, contender, onRig, ...basics }) => {
      signal.throwIfAborted();
      return run({
        ...basics,
        ...readyOf(contender),
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

/** A contender that is installed on a cluster. */
export interface ClusterContender {
  /** Named with the stand-in where that runs it. */
  readonly contender: Contender;
  readonly standIn: RuntimeFacts | null;
}

/**
 * The contenders that a command names, for a cluster. Only one of our own can have the stand-in for Spin: of Azure's
 * nothing is asked before the first run.
 *
 * @throws UsageError for one that is unknown or not made for a cluster, or by topics for Azure, and for a runtime: there the images decide.
 */
export async function clusterContenders(
  { contenders, runtime, target }: TargetFlags & Wanted,
  { cluster }: ClusterTarget,
): Promise<ClusterContender[]> {
  if (runtime.length > 0) throw new UsageError('--runtime is for this machine: on a cluster the images decide');
  const found = await Promise.all(contenders.map(findContender));
  // Said before the first run, not in the middle of a plan.
  for (const contender of found) {
    chartName(contender);
    if (target === 'azure' && contender.transport === 'topics') {
      throw new UsageError(
        `${contender.name} does not run with --target azure: what is scheduled to a topic there can be neither seen nor cancelled, so that orders of an earlier run could join this one: leave it out, or take --target kubernetes`,
      );
    }
  }
  const version = target === 'kubernetes' && found.some(usesSpin) ? await cluster.standInVersion() : null;
  return found.map(contender => {
    if (version === null || !usesSpin(contender)) return { contender, standIn: null };
    const standIn = { name: STAND_IN, kind: STAND_IN, version } as const;
    return { contender: { ...contender, name: contenderLabel(contender.name, standIn) }, standIn };
  });
}
