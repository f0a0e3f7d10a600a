import type { WarmUp, WorkloadSettings } from '../results/result.js';
import type { Workload } from '../workload/workload.js';
import type { RunPlan } from './run-plan.js';

/** What the settings of a workload are made of. */
export interface WorkloadSettingsOptions {
  readonly options: { readonly expressShare: number; readonly payloadBytes: number | undefined };
  readonly plan: RunPlan;
  readonly workload: Workload;
  /** Absent on a cold run. */
  readonly warmth: WarmUp | undefined;
}

/** What was sent, and how, wherever the run took place. */
export function workloadSettings(run: WorkloadSettingsOptions): WorkloadSettings {
  const { options, plan, workload, warmth } = run;
  return {
    arrival: plan.mode === 'paced' ? `constant:${plan.ratePerSecond}` : 'burst',
    expressShare: options.expressShare,
    meanPayloadBytes: workload.meanPayloadBytes,
    payloadBytes: options.payloadBytes ?? null,
    warmUp: warmth ?? null,
  };
}
