import { daprSettings, type Rig } from '@order-bench/rig';
import { NO_LATENCY } from './latency.js';
import type { MeasuredRunOptions } from './measured-run.js';
import type { RunOptions } from './run.js';
import type { RunPlan } from './run-plan.js';
import { runtimeTitle } from './runtime.js';
import { effectiveSpinSettings } from './spin-settings.js';
import type { WarmUp } from './warm-up.js';
import type { Workload } from './workload.js';

/** Every setting of a contender on this machine that can change the outcome of a run, as its result records it. */
export async function rigSettings(options: RunOptions, rig: Rig): Promise<Record<string, unknown>> {
  const { contender, tuning, runtime, daprd } = options;
  return {
    ...(contender.settings ?? {}),
    host: runtimeTitle(runtime),
    ...(runtime.info === null ? {} : { standIn: runtime.info }),
    blobs: options.blobs,
    latency: tuning.latency ?? NO_LATENCY,
    replicasPerRole: contender.replicas ?? 1,
    ...(contender.spin ? { spin: effectiveSpinSettings(contender.spin, process.env) } : {}),
    daprd: { kind: daprd.kind, version: daprd.version, ...(await daprSettings(rig.resourcesDir)) },
  };
}

/** What the settings of a workload are made of. */
export interface WorkloadSettingsOptions {
  readonly options: MeasuredRunOptions;
  readonly plan: RunPlan;
  readonly workload: Workload;
  /** Absent on a cold run. */
  readonly warmth: WarmUp | undefined;
}

/** What was sent, and how, wherever the run took place. */
export function workloadSettings(run: WorkloadSettingsOptions): Record<string, unknown> {
  const { options, plan, workload, warmth } = run;
  return {
    arrival: plan.mode === 'paced' ? `constant:${plan.ratePerSecond}` : 'burst',
    expressShare: options.expressShare,
    meanPayloadBytes: workload.meanPayloadBytes,
    payloadBytes: options.payloadBytes ?? null,
    warmUp: warmth ?? null,
  };
}
