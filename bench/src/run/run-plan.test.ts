import { describe, expect, it } from 'vitest';
import { arrivalOf, parseArrival, sendingMs } from './run-plan.js';

describe('a run’s plan', () => {
  it('is a burst, or paced at a rate', () => {
    expect(parseArrival('burst')).toEqual({ mode: 'burst' });
    expect(parseArrival('constant:87.5')).toEqual({ mode: 'paced', ratePerSecond: 87.5, shareOfSteadyRate: null });
  });

  it.each(['', 'constant', 'constant:', 'constant:0', 'constant:-5', 'constant:1e3', 'poisson:5'])(
    'is refused as %o',
    text => {
      expect(() => parseArrival(text)).toThrow('burst or constant:<orders a second>');
    },
  );

  it('sends a cold burst as any burst, and paced orders at their distance', () => {
    expect(arrivalOf({ mode: 'cold' })).toEqual({ kind: 'burst' });
    expect(sendingMs({ mode: 'cold' }, 500)).toBe(0);
    const paced = parseArrival('constant:100');
    expect(arrivalOf(paced)).toEqual({ kind: 'constant', ratePerSecond: 100 });
    expect(sendingMs(paced, 501)).toBe(5_000);
  });
});
