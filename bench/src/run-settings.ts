import { daprSettings, type Rig } from '@order-bench/rig';
import type { Contender } from './contender.js';
import { NO_LATENCY } from './latency.js';
import type { RunOptions } from './run.js';
import type { RunPlan } from './run-plan.js';
import { effectiveSpinSettings, type SpinHost } from './spin-host.js';
import type { WarmUp } from './warm-up.js';
import type { Workload } from './workload.js';

/** What a run's settings are made of. */
export interface RunSettingsOptions {
  readonly options: RunOptions;
  /** With the run's tuning in it. */
  readonly contender: Contender;
  readonly plan: RunPlan;
  readonly rig: Rig;
  readonly workload: Workload;
  /** Absent on a cold run. */
  readonly warmth: WarmUp | undefined;
}

/** Every setting that can change the outcome of a run, as its result records it. */
export async function runSettings(run: RunSettingsOptions): Promise<Record<string, unknown>> {
  const { options, contender, plan, rig, workload, warmth } = run;
  const { tuning, spin, daprd } = options;
  return {
    ...(contender.settings ?? {}),
    runtime: contender.runtime,
    host: hostOf(spin),
    ...(spin ? { spinHost: spin.info } : {}),
    arrival: plan.mode === 'paced' ? `constant:${plan.ratePerSecond}` : 'burst',
    blobs: options.blobs,
    latency: tuning.latency ?? NO_LATENCY,
    expressShare: options.expressShare,
    meanPayloadBytes: workload.meanPayloadBytes,
    payloadBytes: tuning.payloadBytes ?? null,
    replicasPerRole: contender.replicas ?? 1,
    ...(contender.spin ? { spin: effectiveSpinSettings(contender.spin, process.env) } : {}),
    daprd: { kind: daprd.kind, version: daprd.version, ...(await daprSettings(rig.resourcesDir)) },
    warmUp: warmth ?? null,
  };
}

/** What a contender's apps run on, with its version. */
export function hostOf(spin: SpinHost | undefined): string {
  return spin ? spin.name : `node ${process.version}`;
}
