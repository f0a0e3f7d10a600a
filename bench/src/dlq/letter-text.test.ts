import { describe, expect, it } from 'vitest';
import type { DeadLetter } from '../verify/dead-letters.js';
import { letterJson, letterTable, letterText } from './letter-text.js';

const LETTER: DeadLetter = {
  queue: 'q-order-ingress',
  sequenceNumber: '9007199254740993',
  messageId: 'malformed-1',
  reason: 'MaxDeliveryCountExceeded',
  description: 'delivered ten times',
  enqueuedAt: new Date('2026-01-02T03:04:05.678Z'),
  deliveryCount: 10,
  contentType: 'application/json',
  properties: { tenant: 'x' },
  body: Buffer.from('{"orderId": "é"}\n'),
};

describe('the table', () => {
  it('has a line a letter', () => {
    const [header, row] = letterTable([LETTER]).split('\n');
    expect(header).toMatch(/^queue +sequence number +message id +reason +description +enqueued +deliveries$/);
    expect(row).toMatch(
      /^q-order-ingress +9007199254740993 +malformed-1 +MaxDeliveryCountExceeded +delivered ten times +2026-01-02T03:04:05.678Z +10$/,
    );
  });

  it('keeps a long description short, and characters that would steer the terminal away', () => {
    const table = letterTable([{ ...LETTER, messageId: 'a\u001b[2Jb\nc\u202e', description: 'x'.repeat(500) }]);
    expect(table).toContain('a?[2Jb?c?');
    expect(table.split('\n')).toHaveLength(2);
    expect(table).toContain(`${'x'.repeat(59)}…`);
  });
});

describe('one letter', () => {
  it('is shown with its body as text', () => {
    expect(letterText(LETTER)).toMatch(/body {13}18 bytes\n\n\{"orderId": "é"\}\n$/);
  });

  it.each([
    ['bytes that are no UTF-8', Buffer.from([0xff, 0x00]), 'ff00'],
    ['text that would steer the terminal', Buffer.from('\u001b[2J'), '1b5b324a'],
  ])('is shown in hexadecimal where it is %s', (_, body, expected) => {
    const text = letterText({ ...LETTER, body });
    expect(text).toContain('bytes, in hexadecimal');
    expect(text.endsWith(`\n${expected}`)).toBe(true);
  });

  it('keeps every byte in JSON', () => {
    const { bodyBase64 } = letterJson({ ...LETTER, body: Buffer.from([0xff, 0x00]) });
    expect(Buffer.from(bodyBase64, 'base64')).toEqual(Buffer.from([0xff, 0x00]));
  });
});
