import type { RigDapr } from '@order-bench/rig';

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

/** What happened between two readings of one daprd, or in several together. */
export function sumOfCalls(parts: readonly { readonly before: DaprdCalls; readonly after: DaprdCalls }[]): DaprdCalls {
  const sum = (kind: keyof DaprdCalls): Calls => ({
    count: parts.reduce((total, { before, after }) => total + after[kind].count - before[kind].count, 0),
    sumMs: parts.reduce((total, { before, after }) => total + after[kind].sumMs - before[kind].sumMs, 0),
  });
  return { app: sum('app'), api: sum('api'), output: sum('output') };
}

/**
 * Picks the calls out of daprd's Prometheus text (observed with 1.18.0). Its health probes and the calls that ask an app
 * for its configuration have metrics or methods of their own and stay out. An output binding's duration is recorded only
 * where it is a whole millisecond or more, so that its calls are counted by another metric.
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
