import { type BlobStoreKind, daprSettings, type Rig, type Tool } from '@order-bench/rig';
import { NO_LATENCY } from '../../contenders/latency.js';
import { type Runtime, runtimeTitle } from '../../contenders/runtime.js';
import { effectiveSpinSettings } from '../../contenders/spin-settings.js';
import type { Tuning } from '../../contenders/tuning.js';
import type { SiteSettings } from '../../results/result.js';
import type { RunBasics } from '../../run/measured-run.js';

/** What to run on this machine, and with what. */
export interface RunOptions extends RunBasics {
  readonly blobs: BlobStoreKind;
  /** What is set otherwise than contender and manifests have it. */
  readonly tuning: Tuning;
  readonly daprd: Tool;
  readonly runtime: Runtime;
  /** Told as soon as the rig runs, so that its holder can show and kill it. */
  readonly onRig?: (rig: Rig) => void;
}

/** Every setting of a contender on this machine that can change the outcome of a run, as its result records it. */
export async function rigSettings(options: RunOptions, rig: Rig): Promise<SiteSettings> {
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
