import type { K6Result, K6Run } from '../results/k6-result.js';
import { mebibytes, plain } from '../text/format.js';

/** A result in one line for the terminal. */
export function resultLine(result: K6Result): string {
  const doubt = result.status === 'void' ? ` VOID: ${result.reason}` : '';
  return `${result.contender}, ${result.role}: ${figuresOf(result)}${doubt}`;
}

function figuresOf(result: K6Result): string {
  switch (result.kind) {
    case 'k6-test':
      return runLine(result.run);
    case 'k6-api':
      return result.parts
        .map(({ part, run, lines }) => `${part}: ${runLine(run, lines === undefined ? 'request' : 'line')}`)
        .join('; ');
    case 'k6-breakpoint': {
      const { heldPerSecond, limit } = result;
      return heldPerSecond === null
        ? `no rate held for ${limit.holdS} s`
        : `${heldPerSecond} orders/s held for ${limit.holdS} s, p99 within ${limit.p99Ms} ms`;
    }
    case 'cold-start':
      return result.variants
        .map(({ compiledCache, startsMs }) => {
          const cache = compiledCache === null ? '' : `, compiled cache ${compiledCache}`;
          return `${startsMs.length} starts${cache}: ${Math.round(Math.min(...startsMs))} to ${Math.round(Math.max(...startsMs))} ms`;
        })
        .join('; ');
    case 'density':
      return result.points
        .map(
          ({ instances, loadedBytes, isHeld }) =>
            `${instances}: ${mebibytes(loadedBytes)}${isHeld ? '' : ' (not held)'}`,
        )
        .join(', ');
  }
}

function runLine(
  { test, ratePerSecond, orders, responseTime, exitCode, app, generator }: K6Run,
  unit: 'order' | 'request' | 'line' = 'order',
): string {
  const { taken, refused, unanswered, dropped } = orders;
  const p99 = responseTime ? `p99 ${responseTime.p99Ms.toFixed(1)} ms` : 'no answers';
  const cpu =
    app.cpuMsPerThousandRequests === null
      ? ''
      : `, ${(app.cpuMsPerThousandRequests / 1000).toFixed(2)} ms CPU per ${unit}`;
  return (
    `${test} at ${plain(ratePerSecond)} ${unit}s/s ${exitCode === 0 ? 'passed' : 'FAILED its thresholds'}: ${p99}, ${taken} taken, ${refused} refused, ` +
    `${unanswered} unanswered, ${dropped} dropped${cpu}, ${mebibytes(app.peakMemoryBytes)}; generator ${Math.round(generator.busyShare * 100)} % busy`
  );
}
