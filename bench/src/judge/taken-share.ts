import type { RunResult } from '../results/result.js';

/** Share of each core that was taken from a run during its drain, 0 to 1; null for one that nothing was taken from. */
export function takenShareOf({ settings }: RunResult): number | null {
  const { coreThief } = settings;
  if (typeof coreThief !== 'object' || coreThief === null || !('takenShare' in coreThief)) return null;
  return typeof coreThief.takenShare === 'number' ? coreThief.takenShare : null;
}
