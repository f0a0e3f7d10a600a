import { context, SamplingDecision, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { Runner, RunnerRun } from '../plans/runner.js';
import type { RunResult } from '../results/result.js';
import type { RunLog } from '../run/run-log.js';
import { failureText } from '../text/failure-text.js';

/**
 * A runner whose runs are traces, a span for each step, at the collector that OpenTelemetry's variables name: they say which
 * step the orders' own traces, which daprd and the apps send there, fell into.
 */
export function tracedRunner(runner: Runner): Runner {
  const sdk = new NodeSDK({ serviceName: 'bench', instrumentations: [], sampler: EVERY_ONE });
  sdk.start();
  process.once('beforeExit', () => {
    sdk.shutdown().catch(error => process.stderr.write(`the runs' traces could not be sent: ${failureText(error)}\n`));
  });
  return { ...runner, run: options => traced(runner, options) };
}

/** Runs are few: none is left out, whatever share of the orders is traced. */
const EVERY_ONE = {
  shouldSample: () => ({ decision: SamplingDecision.RECORD_AND_SAMPLED }),
  toString: () => 'every one',
};

async function traced(runner: Runner, options: RunnerRun): Promise<RunResult> {
  const tracer = trace.getTracer('bench');
  const run = tracer.startSpan(`run ${options.contender.name}`, { attributes: { 'orders.count': options.count } });
  const inRun = trace.setSpan(context.active(), run);
  let step: Span | undefined;
  const log: RunLog = {
    step: text => {
      step?.end();
      step = tracer.startSpan(text, {}, inRun);
      options.log.step(text);
    },
    progress: progress => options.log.progress(progress),
  };
  try {
    const result = await runner.run({ ...options, log });
    run.setAttributes({ 'run.id': result.id, 'run.status': result.status });
    return result;
  } catch (error) {
    run.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    step?.end();
    run.end();
  }
}
