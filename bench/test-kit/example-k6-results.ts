import type { RuntimeFacts } from '../src/contenders/runtime.js';
import type { ApiPart, ApiTestResult, BreakpointResult, K6ResultBase, K6Run } from '../src/results/k6-result.js';

/** For tests: a call of k6 at a rate that the app held in `p99Ms`. */
export function exampleK6Run(ratePerSecond: number, changes: Partial<K6Run> = {}): K6Run {
  return {
    test: 'load',
    ratePerSecond,
    durationMs: 60_000,
    exitCode: 0,
    orders: { taken: ratePerSecond * 60, refused: 0, unanswered: 0, dropped: 0 },
    responseTime: { p50Ms: 2, p90Ms: 4, p95Ms: 6, p99Ms: 9, p999Ms: 20, maxMs: 30 },
    app: { cpuMs: 30_000, cpuMsPerThousandRequests: 1_500, peakMemoryBytes: 90 * 2 ** 20 },
    generator: { k6CpuMs: 9_000, stubCpuMs: 3_000, busyShare: 0.2 },
    summary: {},
    ...changes,
  };
}

/** For tests: a breakpoint result of a repetition. */
export function exampleBreakpoint(options: {
  readonly contender: string;
  readonly block: number;
  readonly heldPerSecond: number | null;
  readonly status?: 'complete' | 'void';
}): BreakpointResult {
  const { contender, block, heldPerSecond, status = 'complete' } = options;
  const held = heldPerSecond ?? 1;
  const broken = exampleK6Run(held * 1.05, {
    exitCode: 99,
    orders: { taken: 1, refused: 0, unanswered: 0, dropped: 1 },
  });
  return {
    ...exampleBase({ contender, block, status }),
    kind: 'k6-breakpoint',
    limit: { p99Ms: 25, holdS: 60, resolution: 0.05 },
    heldPerSecond,
    rampPerSecond: held * 1.4,
    steps: [
      ...(heldPerSecond === null
        ? []
        : [{ ratePerSecond: held, holdS: 60, settleS: 0, isHeld: true, run: exampleK6Run(held) }]),
      { ratePerSecond: held * 1.05, holdS: 15, settleS: 5, isHeld: false, run: broken },
    ],
    levels: heldPerSecond === null ? [] : [{ shareOfHeld: 0.5, run: exampleK6Run(held / 2) }],
    past:
      heldPerSecond === null
        ? null
        : { shareOfHeld: 1.5, takenShareOfHeld: 0.97, verdict: 'saturates', run: exampleK6Run(held * 1.5) },
    spike:
      heldPerSecond === null
        ? null
        : { shareOfHeld: 2.5, recoveryMs: 800, isRecovered: true, run: exampleK6Run(held * 2.5) },
  };
}

/** For tests: a repetition of a test of an Order API with one part, `hit`, of 100 requests. */
export function exampleApiTest(options: {
  readonly contender: string;
  readonly block: number;
  readonly appCpuMsPerRequest: number;
  readonly p99Ms?: number;
  readonly run?: Partial<K6Run>;
  readonly status?: 'complete' | 'void';
}): ApiTestResult {
  const { contender, block, appCpuMsPerRequest, p99Ms = 9, run, status = 'complete' } = options;
  const { responseTime, app, ...rest } = exampleK6Run(40);
  const part: ApiPart = {
    part: 'hit',
    run: {
      ...rest,
      orders: { taken: 100, refused: 0, unanswered: 0, dropped: 0 },
      app: { ...app, cpuMs: appCpuMsPerRequest * 100 },
      responseTime,
      ...run,
    },
    apiCpuMs: appCpuMsPerRequest * 90,
    daprdCpuMs: 150,
    requests: [{ name: 'hit', responseTime: responseTime && { ...responseTime, p99Ms } }],
  };
  return {
    ...exampleBase({ contender, block, status }),
    ...{ kind: 'k6-api', role: 'orders-api', behind: { kind: 'daprd' }, cores: null, test: 'api-query', parts: [part] },
  };
}

function exampleBase({
  contender,
  block,
  status,
}: Pick<K6ResultBase, 'contender' | 'status'> & { readonly block: number }): K6ResultBase {
  return {
    schemaVersion: 4,
    id: `${contender.length.toString(16)}${block.toString(16)}`.padStart(8, '0'),
    startedAt: `2026-01-01T00:${String(block).padStart(2, '0')}:00.000Z`,
    contender,
    runtime: exampleRuntime(contender),
    role: 'distributor',
    status,
    reason: status === 'void' ? 'the machine was busy' : null,
    series: { id: 'made-up', seed: 1, block, position: 1 },
    behind: { kind: 'dapr-null', latencyMs: 0, errorShare: 0 },
    cores: { app: [0], generator: [1] },
    environment: {
      cpu: 'made up',
      cores: 2,
      memoryBytes: 8 * 2 ** 30,
      os: 'Linux x64',
      kernel: '6.1',
      versions: { node: 'v20.20.2', k6: '1.8.1 (built)' },
      gitCommit: 'unknown',
      loadAverageBefore: 0,
      busyShareBefore: 0.01,
    },
    settings: {},
  };
}

function exampleRuntime(contender: string): RuntimeFacts {
  if (contender.endsWith(' (stand-in)')) return { name: 'stand-in', kind: 'stand-in', version: '0.1.0' };
  return contender.includes('@spin-')
    ? { name: 'spin-3.6', kind: 'spin', version: '3.6.3' }
    : { name: 'node-24', kind: 'node', version: '24.21.0' };
}
