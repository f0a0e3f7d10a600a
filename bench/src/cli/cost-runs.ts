import type { Runner } from '../plans/runner.js';
import type { PlannedCost } from '../results/comparison-file.js';

/** A contender's runs with something on, and without it. */
export interface CostRuns {
  readonly on: Runner['run'];
  readonly off: Runner['run'];
}

/**
 * Runs with and without what is to be known the cost of. `live`: a page follows the run, and somebody looks at it from its start
 * to its end, in this process, so that what a tab takes is counted too. `tracing`: as OpenTelemetry's variables say, which the
 * other runs do without. `events`: receivers publish each order, to subscriptions that nobody reads.
 */
export async function costRuns(what: PlannedCost['what'], runner: Runner): Promise<CostRuns> {
  if (what === 'events') return { on: options => runner.run({ ...options, publishes: true }), off: runner.run };
  if (what === 'tracing') {
    // Loaded where it is wanted: it takes half a second.
    const { tracedRunner } = await import('./traced-runner.js');
    return { on: tracedRunner(runner).run, off: options => untraced(() => runner.run(options)) };
  }
  const { LiveRuns } = await import('../live/live-runs.js');
  const followed = await new LiveRuns().follow({ title: 'bench compare', runner, port: 0 });
  return { on: options => watched(followed.url, () => followed.runner.run(options)), off: runner.run };
}

async function watched<T>(url: string, run: () => Promise<T>): Promise<T> {
  const closed = new AbortController();
  const { body } = await fetch(`${url}events`, { signal: closed.signal });
  const looking = body?.pipeTo(new WritableStream()).catch(() => undefined);
  try {
    return await run();
  } finally {
    closed.abort();
    await looking;
  }
}

const ENDPOINT = 'OTEL_EXPORTER_OTLP_ENDPOINT';

/** What it starts finds no collector either. */
async function untraced<T>(run: () => Promise<T>): Promise<T> {
  const endpoint = process.env[ENDPOINT];
  Reflect.deleteProperty(process.env, ENDPOINT);
  try {
    return await run();
  } finally {
    if (endpoint !== undefined) process.env[ENDPOINT] = endpoint;
  }
}
