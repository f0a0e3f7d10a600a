/** A command, and how long after its 202 a question is answered with `written` (`lag`): the time that CQRS asks callers to bear. */
import { check, sleep } from 'k6';
import { apiOptionsOf, ask, handleApiSummary, outcome, ownData, send } from '../api-exercise.ts';

export const options = apiOptionsOf(['command'], ['lag']);
export const handleSummary = handleApiSummary;

/** What a lag can be too long by, beside the question's own time. */
const LOOK_S = 0.01;
const LIMIT_MS = 10_000;

export default function lag(): void {
  const { status, headers } = send({
    ...{ name: 'command', method: 'POST', path: '/orders', wanted: 202 },
    headers: { 'content-type': 'application/json' },
    body: ownData<string>(),
  });
  const acceptedMs = Date.now();
  const path = headers.Location;
  // What failed is counted; without an order there is nothing to follow.
  if (status !== 202 || path === undefined) return;
  let isWritten = false;
  while (!isWritten && Date.now() - acceptedMs < LIMIT_MS) {
    isWritten = (ask({ method: 'GET', path, wanted: 200 }).body ?? '').includes('"status":"written"');
    if (!isWritten) sleep(LOOK_S);
  }
  outcome('lag', acceptedMs, Date.now());
  check(isWritten, { 'it is written within 10 s': written => written });
}
