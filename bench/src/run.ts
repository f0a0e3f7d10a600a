import type { BlobStoreKind, Rig, Tool } from '@order-bench/rig';
import { tuned } from './contender.js';
import { measuredRun, type RunBasics } from './measured-run.js';
import type { RunResult } from './result.js';
import { openRigSite } from './rig-site.js';
import type { Runtime } from './runtime.js';
import type { Tuning } from './tuning.js';

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

/**
 * One measured run on a fresh rig; see measuredRun.
 *
 * @throws ProcessFailed when a process of the rig dies, beside what measuredRun throws.
 */
export async function run(options: RunOptions): Promise<RunResult> {
  const contender = tuned(options.contender, options.tuning);
  const tunedOptions = { ...options, contender };
  return measuredRun({
    ...tunedOptions,
    payloadBytes: options.tuning.payloadBytes,
    warmUpOrders: options.tuning.warmUpOrders,
    openSite: () => openRigSite(tunedOptions),
  });
}
