import { describe, expect, it } from 'vitest';
import {
  ATTEMPT_DELAYS_MS,
  afterAttempt,
  MOST_FAILURES,
  signingSecrets,
  type Webhook,
  webhookAfter,
  withNewSecret,
} from './webhook.js';

const NOW_MS = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;
const HOOK: Webhook = {
  id: 'w1',
  url: 'https://p.example/',
  events: ['order.written'],
  state: 'active',
  secret: 's',
  failures: 0,
};

describe('an attempt to deliver a webhook', () => {
  it.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [301, 'retry'],
    [400, 'retry'],
    [410, 'gone'],
    [429, 'retry'],
    [500, 'retry'],
    [undefined, 'retry'],
  ])('that was answered with %s is followed by: %s', (status, kind) => {
    expect(afterAttempt(1, status === undefined ? {} : { status }, NOW_MS, 0)).toMatchObject({ kind });
  });

  it('is made ten times over three days and more, each time a little later than planned', () => {
    const delays = ATTEMPT_DELAYS_MS.map((_, index) => afterAttempt(index + 1, {}, NOW_MS, 1));
    expect(delays.at(0)).toEqual({ kind: 'retry', delayMs: 5_500 });
    expect(delays.at(-1)).toEqual({ kind: 'given-up' });
    expect(ATTEMPT_DELAYS_MS).toHaveLength(10);
    expect(ATTEMPT_DELAYS_MS.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(3 * DAY_MS);
  });

  it.each([
    ['120', 120_000],
    ['1', 5_000],
    ['Thu, 01 Jan 2026 00:10:00 GMT', 600_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 5_000],
    ['999999999', DAY_MS],
    ['soon', 5_000],
  ])('waits as Retry-After: %s asks, and no less than planned', (retryAfter, delayMs) => {
    expect(afterAttempt(1, { status: 503, retryAfter }, NOW_MS, 0)).toEqual({ kind: 'retry', delayMs });
  });
});

describe('a webhook', () => {
  it('is disabled by ten deliveries in a row that were given up, and by one that found nobody', () => {
    const failing = Array.from({ length: MOST_FAILURES - 1 }).reduce<Webhook>(
      hook => webhookAfter(hook, 'given-up'),
      HOOK,
    );
    expect(failing).toMatchObject({ state: 'active', failures: 9 });
    expect(webhookAfter(failing, 'given-up').state).toBe('disabled');
    expect(webhookAfter(webhookAfter(failing, 'delivered'), 'given-up')).toMatchObject({
      state: 'active',
      failures: 1,
    });
    expect(webhookAfter(HOOK, 'gone').state).toBe('disabled');
  });

  it('signs by its old secret too for a day', () => {
    const renewed = withNewSecret(HOOK, 't', NOW_MS);
    expect(signingSecrets(renewed, NOW_MS + DAY_MS - 1)).toEqual(['t', 's']);
    expect(signingSecrets(renewed, NOW_MS + DAY_MS)).toEqual(['t']);
    expect(signingSecrets(withNewSecret(renewed, 'u', NOW_MS), NOW_MS)).toEqual(['u', 't']);
  });
});
