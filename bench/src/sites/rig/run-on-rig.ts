import { tuned } from '../../contenders/contender.js';
import type { RunResult } from '../../results/result.js';
import { measuredRun } from '../../run/measured-run.js';
import type { RunOptions } from './rig-site.js';
import { openRigSite } from './rig-site.js';

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
