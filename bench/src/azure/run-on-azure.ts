import { measuredRun, type RunBasics } from '../measured-run.js';
import type { RunResult } from '../result.js';
import { type AzureTarget, openAzureSite } from './azure-site.js';

/** What to run on Azure. */
export interface AzureRunOptions extends RunBasics {
  readonly target: AzureTarget;
  /** Size of each order; as the generator makes them where it is absent. */
  readonly payloadBytes: number | undefined;
}

/** One measured run on Azure; see measuredRun and openAzureSite. */
export async function runOnAzure(options: AzureRunOptions): Promise<RunResult> {
  return measuredRun({ ...options, openSite: () => openAzureSite(options) });
}
