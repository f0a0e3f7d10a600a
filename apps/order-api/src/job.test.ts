import { describe, expect, it } from 'vitest';
import { JOB_STATES, type Job, type JobEvent, type JobState, jobAfter } from './job.js';

const job = (state: JobState, done = 100): Job => ({ id: 'j1', state, done, total: 250, refused: 1 });
const chunk = (from: number, lines = 100): JobEvent => ({ kind: 'progress', from, lines, refused: 2 });

describe('a job', () => {
  it.each<[JobState, JobEvent, JobState | undefined]>([
    ['queued', { kind: 'cancel' }, 'cancelled'],
    ['queued', { kind: 'stopped' }, undefined],
    ['queued', { kind: 'failed', reason: 'r' }, 'failed'],
    ['queued', chunk(100), 'running'],
    ['running', chunk(100), 'running'],
    ['running', chunk(100, 150), 'succeeded'],
    ['running', { kind: 'cancel' }, 'cancelling'],
    ['running', { kind: 'stopped' }, undefined],
    ['running', { kind: 'failed', reason: 'r' }, 'failed'],
    ['cancelling', chunk(100), 'cancelling'],
    // The last lines were done before anybody saw that it was to end.
    ['cancelling', chunk(100, 150), 'succeeded'],
    ['cancelling', { kind: 'cancel' }, 'cancelling'],
    ['cancelling', { kind: 'stopped' }, 'cancelled'],
    ['cancelling', { kind: 'failed', reason: 'r' }, 'failed'],
  ])('that is %s, after %j is %s', (state, event, after) => {
    expect(jobAfter(job(state), event)?.state).toBe(after);
  });

  it.each(JOB_STATES.filter(state => ['succeeded', 'failed', 'cancelled'].includes(state)))(
    'that %s stays so',
    state => {
      for (const event of [
        chunk(100),
        { kind: 'cancel' },
        { kind: 'stopped' },
        { kind: 'failed', reason: 'r' },
      ] as const)
        expect(jobAfter(job(state), event)).toBeUndefined();
    },
  );

  it('counts each chunk once, however often it comes', () => {
    const once = jobAfter(job('running', 0), chunk(0)) as Job;
    expect(once).toMatchObject({ done: 100, refused: 3 });
    expect(jobAfter(once, chunk(0))).toBeUndefined();
    expect(jobAfter(once, chunk(200))).toBeUndefined();
  });
});
