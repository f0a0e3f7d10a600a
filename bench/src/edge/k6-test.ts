import type { K6TestResult } from '../results/k6-result.js';
import { bottleneckOf } from './generator-load.js';
import { factsOf, type MeasurementOptions, statusOf, warmUp, withEdge } from './measurement.js';
import type { K6TestSettings } from './run-k6.js';

/** The test, and the warm-up before it. */
export interface K6TestOptions extends MeasurementOptions {
  readonly test: K6TestSettings;
  /** Seconds of load before the test; 0 for none. */
  readonly warmUpS: number;
}

/** Starts a contender in one role, alone, runs one of k6's tests against it, and stops it. */
export async function measureK6Test(options: K6TestOptions): Promise<K6TestResult> {
  const { test, warmUpS, say } = options;
  // How fast it is answers no question of smoke's: nothing can make it void.
  const isTimed = test.test !== 'smoke';
  const facts = await factsOf(options, { ...test, warmUpS });
  const { run } = await withEdge(options, async aimed => {
    if (warmUpS > 0) {
      say(`warming up for ${warmUpS} s`);
      await warmUp(aimed, warmUpS, test.ratePerSecond);
    }
    say(test.test);
    return aimed.run(test);
  });
  return { ...facts, kind: 'k6-test', ...(isTimed ? statusOf(facts, bottleneckOf(run)) : SOUND), run };
}

const SOUND = { status: 'complete', reason: null } as const;
