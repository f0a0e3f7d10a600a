import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtGoTool, claimPorts, Supervisor } from '@order-bench/rig';
import { stringify } from 'yaml';

/** A span, as a collector was told of it. */
export interface CollectedSpan {
  readonly traceId: string;
  /** Who told: the app id of an app or its daprd, or `bench`. */
  readonly service: string;
  readonly name: string;
}

/** A running OpenTelemetry collector. */
export interface Collector {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly endpoint: string;
  /** Every span so far. */
  spans(): Promise<CollectedSpan[]>;
  stop(): Promise<void>;
}

/** Path of the collector, built once from OpenTelemetry's own modules. Throws as builtGoTool. */
export async function collectorProgram(): Promise<string> {
  const { path } = await builtGoTool({
    name: 'otel-collector',
    sourceDir: join(import.meta.dirname, 'collector'),
    package: '.',
    module: 'go.opentelemetry.io/collector/otelcol',
    duration: '2 minutes',
    variables: version => [`main.version=${version}`],
  });
  return path;
}

/** Starts it; what it is told goes to a file. */
export async function startCollector(program: string): Promise<Collector> {
  const dir = await mkdtemp(join(tmpdir(), 'collector-'));
  const claim = await claimPorts(1);
  const address = `127.0.0.1:${claim.ports[0]}`;
  const file = join(dir, 'traces.json');
  const config = join(dir, 'collector.yaml');
  await writeFile(
    config,
    stringify({
      receivers: { otlp: { protocols: { http: { endpoint: address } } } },
      exporters: { file: { path: file } },
      service: {
        telemetry: { metrics: { level: 'none' } },
        pipelines: { traces: { receivers: ['otlp'], exporters: ['file'] } },
      },
    }),
  );
  const supervisor = new Supervisor({ logDir: dir, claim, restartOnFailure: false });
  await supervisor.start([
    { name: 'collector', role: 'rig', command: [program, '--config', config], readyUrl: `tcp://${address}` },
  ]);
  return {
    endpoint: `http://${address}`,
    spans: async () => spansIn(await readFile(file, 'utf8')),
    async stop() {
      await supervisor.stop();
      await rm(dir, { recursive: true });
    },
  };
}

/** OTLP as JSON, a request a line. */
interface TracesRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { key: string; value: { stringValue?: string } }[] };
    readonly scopeSpans: readonly { readonly spans: readonly { traceId: string; name: string }[] }[];
  }[];
}

function spansIn(text: string): CollectedSpan[] {
  // The collector writes when its buffer is full, in the midst of a line: the rest of the last one is yet to come.
  const requests = text
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as TracesRequest);
  return requests
    .flatMap(({ resourceSpans }) => resourceSpans)
    .flatMap(({ resource, scopeSpans }) => {
      const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
      return scopeSpans.flatMap(({ spans }) => spans.map(({ traceId, name }) => ({ traceId, service, name })));
    });
}
