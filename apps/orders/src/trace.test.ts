import { expect, it } from 'vitest';
import { readTrace } from './trace.js';

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

function read(headers: Readonly<Record<string, string>>) {
  return readTrace(name => headers[name]);
}

it('reads the parent, and the state where there is one', () => {
  expect(read({ traceparent: TRACEPARENT })).toEqual({ traceparent: TRACEPARENT });
  expect(read({ traceparent: TRACEPARENT, tracestate: 'a=1' })).toEqual({
    traceparent: TRACEPARENT,
    tracestate: 'a=1',
  });
});

it.each([
  {},
  { tracestate: 'a=1' },
  { traceparent: '' },
  { traceparent: TRACEPARENT.toUpperCase() },
  { traceparent: `${TRACEPARENT}-more` },
  { traceparent: `${TRACEPARENT}\n` },
  { traceparent: 'a secret' },
])('takes %j for none', headers => {
  expect(read(headers)).toBeUndefined();
});
