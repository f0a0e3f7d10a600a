import { expect, it } from 'vitest';
import type { MessageRecord } from './queue-message.js';
import { SettledRing } from './settled-ring.js';

it('remembers the last ones only, oldest first', () => {
  const ring = new SettledRing(3);
  for (let sequenceNumber = 1; sequenceNumber <= 5; sequenceNumber++) ring.add(record(sequenceNumber));
  expect(ring.list().map(({ sequenceNumber }) => sequenceNumber)).toEqual([3, 4, 5]);
});

it('remembers nothing with a capacity of 0', () => {
  const ring = new SettledRing(0);
  ring.add(record(1));
  expect(ring.list()).toEqual([]);
});

function record(sequenceNumber: number): MessageRecord {
  return { messageId: 'id', sequenceNumber, state: 'settled', enqueuedAtMs: 0, deliveryCount: 0 };
}
