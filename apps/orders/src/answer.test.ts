import { describe, expect, it } from 'vitest';
import { answer, STOPPING, UNAUTHORIZED } from './answer.js';

describe('the answer to an outcome', () => {
  it('is 200 without a body once the next step is confirmed', () => {
    expect(answer({ kind: 'done' })).toEqual({ status: 200 });
  });

  it.each([
    ['malformed', 400],
    ['too-large', 413],
    ['binding-failed', 502],
    ['binding-timed-out', 504],
  ] as const)('is a problem for %s with status %i', (kind, status) => {
    const { problem, status: sent } = answer({ kind, detail: 'why' });
    expect(sent).toBe(status);
    expect(problem).toEqual({ type: 'about:blank', title: expect.any(String), status, detail: 'why' });
  });

  it('names the field of a malformed order', () => {
    expect(answer({ kind: 'malformed', detail: 'why', field: 'items.0.sku' }).problem?.field).toBe('items.0.sku');
  });

  it('is 503 while the app stops', () => {
    expect(answer(STOPPING).status).toBe(503);
  });

  it('is 401 to a caller without the app’s token', () => {
    expect(answer(UNAUTHORIZED)).toMatchObject({ status: 401, problem: { title: 'Unauthorized' } });
  });
});
