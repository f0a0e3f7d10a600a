import { isAtLeast, type RigDapr } from '@order-bench/rig';

/** How often something took place in a daprd, and how long that took in all. */
export interface Calls {
  readonly count: number;
  readonly sumMs: number;
}

/** What a daprd has done since its start; the difference of two readings is what it did between them. */
export interface DaprdCalls {
  /** Its POSTs to its app, from sending the request to having the answer; tries again count as calls of their own. */
  readonly app: Calls;
  /** POSTs to its API, from having the request to having sent the answer. */
  readonly api: Calls;
  /** What its output bindings did for those: a message sent and confirmed, a blob written and confirmed. */
  readonly output: Calls;
}

/** Reads the metrics of daprds, by the name of their processes. */
export async function sampleDaprds(daprs: readonly RigDapr[]): Promise<Map<string, DaprdCalls>> {
  const samples = daprs.map(async ({ name, metricsUrl }) => {
    const response = await fetch(metricsUrl);
    const text = await response.text();
    if (!response.ok) throw new Error(`${name} answered ${response.status} at ${metricsUrl}: ${text.slice(0, 200)}`);
    return [name, parseDaprdMetrics(text)] as const;
  });
  return new Map(await Promise.all(samples));
}

/** Readings of several daprds, by their names. */
export type DaprdReadings = ReadonlyMap<string, DaprdCalls>;

/** What happened in some daprds together between two readings; a daprd that is not in a reading had done nothing by then. */
export function callsBetween(before: DaprdReadings, after: DaprdReadings, names: readonly string[]): DaprdCalls {
  const sum = (kind: keyof DaprdCalls): Calls => {
    const total = (readings: DaprdReadings, figure: keyof Calls) =>
      names.reduce((sum, name) => sum + (readings.get(name)?.[kind][figure] ?? 0), 0);
    return {
      count: total(after, 'count') - total(before, 'count'),
      sumMs: total(after, 'sumMs') - total(before, 'sumMs'),
    };
  };
  return { app: sum('app'), api: sum('api'), output: sum('output') };
}

/** What a call lacks on the average where daprd counts whole milliseconds and cuts off the rest. */
const CUT_OFF_MS = 0.5;
/** The first release that counts the fractions of an output binding's milliseconds. */
const WHOLE_OUTPUT_TIMES = '1.18.2';

/**
 * The calls with the time that their daprd cut off, on the average. Read in the sources of 1.18.0 to 1.18.3: all of them
 * cut calls to the app (pkg/channel/http/http_channel.go) and to the API (pkg/diagnostics/http_monitoring.go); those before
 * 1.18.2 also cut output bindings (`ElapsedSince` in pkg/diagnostics/component_monitoring.go).
 *
 * @param version of the daprd, as in `1.18.3`.
 */
export function wholeTimes({ app, api, output }: DaprdCalls, version: string): DaprdCalls {
  const whole = ({ count, sumMs }: Calls): Calls => ({ count, sumMs: sumMs + count * CUT_OFF_MS });
  return {
    app: whole(app),
    api: whole(api),
    output: isAtLeast(version, WHOLE_OUTPUT_TIMES) ? output : whole(output),
  };
}

/**
 * Picks the calls out of daprd's Prometheus text (observed with 1.18.0 and 1.18.3). Its health probes and the calls that ask
 * an app for its configuration have metrics or methods of their own and stay out. Before 1.18.2 an output binding's duration
 * is recorded only where it is a whole millisecond or more, so that its calls are counted by another metric.
 */
export function parseDaprdMetrics(text: string): DaprdCalls {
  const samples = text.split('\n').flatMap(parseLine);
  const total = (metric: string, isWanted: (labels: string) => boolean) =>
    samples
      .filter(({ name, labels }) => name === metric && isWanted(labels))
      .reduce((sum, { value }) => sum + value, 0);
  const posts = (labels: string) => labels.includes('method="POST"');
  const all = () => true;
  return {
    app: {
      count: total('dapr_http_client_roundtrip_latency_count', posts),
      sumMs: total('dapr_http_client_roundtrip_latency_sum', posts),
    },
    api: {
      count: total('dapr_http_server_latency_count', posts),
      sumMs: total('dapr_http_server_latency_sum', posts),
    },
    output: {
      count: total('dapr_component_output_binding_count', all),
      sumMs: total('dapr_component_output_binding_latencies_sum', all),
    },
  };
}

interface Sample {
  readonly name: string;
  readonly labels: string;
  readonly value: number;
}

/** `name{labels} value`; comments and empty lines are no samples. */
function parseLine(line: string): Sample[] {
  const [, name, labels = '', value] = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  return name === undefined ? [] : [{ name, labels, value: Number(value) }];
}
