import type { Command } from 'commander';
import type { Arrival } from './batches.js';
import { connectBlobs, connectServiceBus } from './connections.js';
import { loadDataset, storeDataset } from './dataset.js';
import { startProgress } from './progress.js';
import { scheduleOrders } from './schedule.js';

/** Makes a dataset and stores it, as `generate` has it. @throws VariableMissing */
export async function generate(options: { count: number; seed: number; expressShare: number }): Promise<void> {
  const { name, sizeBytes, reused } = await storeDataset({ blobs: connectBlobs(process.env), ...options });
  process.stdout.write(`testdata/${name}: ${sizeBytes} bytes, ${reused ? 'was there already' : 'stored'}\n`);
}

/** What `schedule` takes. */
export interface ScheduleFlags {
  readonly count: number;
  readonly seed: number;
  readonly at?: number;
  readonly in?: number;
  readonly arrival: Arrival;
  readonly queue: string;
}

/** Schedules a stored dataset, as `schedule` has it. @throws VariableMissing, DatasetMissing, TooLate */
export async function schedule(flags: ScheduleFlags, command: Command): Promise<void> {
  const atMs = flags.at ?? (flags.in === undefined ? undefined : Date.now() + flags.in);
  if (atMs === undefined || (flags.at !== undefined && flags.in !== undefined)) {
    command.error('error: give either --at or --in');
  }
  const blobs = connectBlobs(process.env);
  const bus = connectServiceBus(process.env);
  try {
    const { name, orders } = await loadDataset({ blobs, count: flags.count, seed: flags.seed });
    const progress = startProgress({ what: `scheduling ${name}`, total: orders.length });
    const done = await scheduleOrders({
      sender: bus.createSender(flags.queue),
      orders,
      atMs,
      arrival: flags.arrival,
      onProgress: progress.update,
      signal: interruption(),
    }).finally(progress.stop);
    const at = new Date(done.scheduledEnqueueTimeMs).toISOString();
    const batches = done.batches === 1 ? '1 batch' : `${done.batches} batches`;
    process.stdout.write(
      `${orders.length} orders scheduled for ${at} in ${done.durationMs} ms (${batches}), ${done.leadMs} ms ahead\n`,
    );
  } finally {
    await bus.close();
  }
}

/** Ctrl-C cancels what was scheduled; a second one ends the process at once. */
function interruption(): AbortSignal {
  const abort = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => abort.abort(new Error(`interrupted by ${name}`)));
  }
  return abort.signal;
}
