import { isTimed, type RunResult } from '../results/result.js';
import { stands, stateText, timeText } from './run-text.js';

/** What single bursts say together: which was faster, and how to be sure of it. */
export function verdictLine(results: readonly RunResult[]): string {
  const unsound = results.filter(result => !stands(result));
  if (unsound.length > 0) {
    const names = unsound.map(result => `${result.contender} is ${stateText(result)}`);
    return `no verdict: ${names.join(', ')}`;
  }
  const times = results
    .flatMap(result => (isTimed(result) && result.drain ? [{ result, ms: result.drain.t100Ms }] : []))
    .sort((a, b) => a.ms - b.ms);
  const [first, second, ...others] = times;
  if (!first) return 'no times, for such runs are checked alone: every order was written in its place and unchanged';
  if (!second) return `${first.result.contender}: ${timeText(first.result)}; against others: make compare`;
  const names = (all: typeof times) => all.map(({ result }) => nameOf(result));
  const ratio = (ms: number) => (ms / first.ms).toFixed(1);
  const [fastest] = names([first]);
  if (others.length > 0) {
    const rest = [second, ...others].map(({ result, ms }) => `${ratio(ms)} times as fast as ${nameOf(result)}`);
    return `${fastest} was the fastest in this single run: ${rest.join(', ')}; ${SURE}`;
  }
  if (ratio(second.ms) === '1.0')
    return `${names([first, second]).join(' and ')} were about as fast in this single run; ${SURE}`;
  return `${fastest} was ${ratio(second.ms)} times as fast as ${nameOf(second.result)} in this single run; ${SURE}`;
}

const SURE = 'how sure: make compare';

function nameOf({ contender, isFloor }: RunResult): string {
  return isFloor ? `${contender} (the floor)` : contender;
}
