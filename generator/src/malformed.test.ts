import { parseOrder } from '@order-bench/orders';
import { describe, expect, it } from 'vitest';
import { makeMalformed, overSizedBody } from './malformed.js';

describe('makeMalformed', () => {
  const messages = makeMalformed({ count: 50, seed: 1 });

  it('makes messages that the apps refuse for good', () => {
    for (const { kind, body } of messages) {
      expect(parseOrder(body)).toMatchObject({ refusal: { kind: kind === 'too-large' ? kind : 'malformed' } });
    }
  });

  it('names them malformed-<n> and covers every kind', () => {
    expect(messages.map(message => message.messageId)).toEqual(messages.map((_, index) => `malformed-${index + 1}`));
    expect(new Set(messages.map(message => message.kind))).toEqual(
      new Set(['bad-json', 'missing-delivery', 'unknown-delivery', 'wrong-type', 'too-large', 'lossy-number']),
    );
  });

  it('gives the same bytes for the same seed', () => {
    // As text: bytes one by one take seconds.
    const text = ({ body, ...rest }: (typeof messages)[number]) => ({ ...rest, body: body.toString('latin1') });
    expect(makeMalformed({ count: 50, seed: 1 }).map(text)).toEqual(messages.map(text));
  });
});

describe('overSizedBody', () => {
  it('is one byte over the limit, and an order but for that', () => {
    expect(overSizedBody()).toHaveLength(1_048_577);
    expect(parseOrder(overSizedBody())).toMatchObject({ refusal: { kind: 'too-large' } });
    expect(JSON.parse(overSizedBody().toString())).toMatchObject({ orderId: 1, delivery: 'Express' });
  });
});
