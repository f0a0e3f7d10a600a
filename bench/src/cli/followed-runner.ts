import { tracingFrom } from '@order-bench/rig';
import { prepareRunner, type Runner, type RunnerOptions } from '../plans/runner.js';
import type { RunFlags } from './run-flags.js';

/** What a command runs by, and what it is called. */
interface FollowedOptions extends RunnerOptions {
  readonly flags: RunFlags;
  /** As in `bench run`. */
  readonly command: string;
}

/**
 * A command's runner; with `--live` a page follows it, and stderr says where; where OTEL_EXPORTER_OTLP_ENDPOINT names a
 * collector its runs are traced. Throws as prepareRunner, and UsageError where the page's port is in use.
 */
export async function followedRunner({ command, ...options }: FollowedOptions): Promise<Runner> {
  const prepared = await prepareRunner(options);
  // Loaded where it is wanted: it takes half a second.
  const runner = tracingFrom(process.env) ? (await import('./traced-runner.js')).tracedRunner(prepared) : prepared;
  const { live } = options.flags;
  if (live === false) return runner;
  const contenders = runner.contenders.map(({ name }) => name).join(' ');
  const title = `${command}: ${contenders}`;
  const { LiveRuns } = await import('../live/live-runs.js');
  const followed = await new LiveRuns().follow({ title, runner, port: live === true ? 0 : live });
  process.stderr.write(`live: ${followed.url}\n`);
  return followed.runner;
}
