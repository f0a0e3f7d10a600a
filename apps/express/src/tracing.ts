/**
 * Traces of orders through this process, where OTEL_EXPORTER_OTLP_ENDPOINT names a collector; OpenTelemetry's other variables
 * count too. Loaded before the app (`node --import`), for it follows what is loaded after it; without a collector it loads
 * nothing.
 */
const sdk = process.env.OTEL_EXPORTER_OTLP_ENDPOINT ? await start(process.env.APP_ID) : undefined;

/** Sends what has not been sent; the process may end then. A collector that is away is no failure of the app. */
export async function stopTracing(): Promise<void> {
  await sdk?.shutdown().catch((error: Error) => process.stderr.write(`traces were not sent: ${error.message}\n`));
}

async function start(serviceName = 'app') {
  const { register } = await import('node:module');
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  const [{ NodeSDK }, { HttpInstrumentation }, { UndiciInstrumentation }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/instrumentation-http'),
    import('@opentelemetry/instrumentation-undici'),
  ]);
  const started = new NodeSDK({
    serviceName,
    // Dapr's client calls by node:http, fetch by undici.
    instrumentations: [
      // Orders come by POST; what else comes asks after its health.
      new HttpInstrumentation({ ignoreIncomingRequestHook: ({ method }) => method !== 'POST' }),
      new UndiciInstrumentation(),
    ],
  });
  started.start();
  return started;
}
