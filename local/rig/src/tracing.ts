/** Where traces of orders go, and of how many. */
export interface Tracing {
  /** An OTLP collector's, as in `http://127.0.0.1:4318`. */
  readonly endpoint: URL;
  readonly protocol: 'http' | 'grpc';
  /** Share of the orders that are traced, 0 to 1. */
  readonly samplingRate: number;
}

/**
 * What OpenTelemetry's own variables ask for, which the apps' SDKs read too; null where no collector is named: then nothing
 * is traced, for tracing is a cost that would be measured as the contender's.
 *
 * Source: OpenTelemetry, "OTLP Exporter Configuration" and "General SDK Configuration".
 *
 * @throws Error naming a variable that is not what it must be.
 */
export function tracingFrom(env: Readonly<Record<string, string | undefined>>): Tracing | null {
  const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL, OTEL_TRACES_SAMPLER_ARG } = env;
  if (!OTEL_EXPORTER_OTLP_ENDPOINT) return null;
  if (!URL.canParse(OTEL_EXPORTER_OTLP_ENDPOINT)) {
    throw new Error(
      `OTEL_EXPORTER_OTLP_ENDPOINT is '${OTEL_EXPORTER_OTLP_ENDPOINT}': give a URL, as in http://127.0.0.1:4318`,
    );
  }
  const samplingRate = Number(OTEL_TRACES_SAMPLER_ARG || 1);
  if (!(samplingRate >= 0 && samplingRate <= 1)) {
    throw new Error(
      `OTEL_TRACES_SAMPLER_ARG is '${OTEL_TRACES_SAMPLER_ARG}': give the share of orders to trace, 0 to 1`,
    );
  }
  return {
    endpoint: new URL(OTEL_EXPORTER_OTLP_ENDPOINT),
    protocol: OTEL_EXPORTER_OTLP_PROTOCOL === 'grpc' ? 'grpc' : 'http',
    samplingRate,
  };
}

/** The same as the `tracing` of a Dapr Configuration. */
export function daprTracing({ endpoint, protocol, samplingRate }: Tracing) {
  return {
    samplingRate: String(samplingRate),
    otel: { endpointAddress: endpoint.host, isSecure: endpoint.protocol === 'https:', protocol },
  };
}
