import type { RunResult } from '../results/result.js';

/** Share of each core that was taken from a run during its drain, 0 to 1; null for one that nothing was taken from. */
export function takenShareOf({ settings }: RunResult): number | null {
  return settings.coreThief?.takenShare ?? null;
}
