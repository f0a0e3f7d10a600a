import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rheaFrames, rheaNames } from '../adversary/rhea-frames.js';
import { ProtocolError } from '../errors.js';
import { ENCODED_ACCEPTED, encodeRejected } from './delivery-state.js';
import { encodeDisposition, encodeTransfer, readFrame } from './frame.js';

const uint = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const channel = fc.integer({ min: 0, max: 65_535 });
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map(array => Buffer.from(array));

const transfers = fc.record({
  handle: uint,
  deliveryId: uint,
  deliveryTag: bytes(32),
  messageFormat: uint,
  settled: fc.boolean(),
  more: fc.boolean(),
});
const dispositions = fc.record({ role: fc.boolean(), first: uint, last: uint, settled: fc.boolean() });
const flows = fc.record(
  {
    nextIncomingId: uint,
    incomingWindow: uint,
    nextOutgoingId: uint,
    outgoingWindow: uint,
    handle: uint,
    deliveryCount: uint,
    linkCredit: uint,
    available: uint,
    drain: fc.boolean(),
    echo: fc.boolean(),
  },
  { requiredKeys: ['incomingWindow', 'nextOutgoingId', 'outgoingWindow'] },
);

describe('a frame', () => {
  it('that is a transfer, written by rhea, is the same here', () => {
    fc.assert(
      fc.property(channel, transfers, bytes(300), (onChannel, fields, payload) => {
        const read = readFrame(writtenByRhea('transfer', { channel: onChannel, fields, payload }));
        expect(read).toMatchObject({ channel: onChannel, performative: fields });
        expect(read.payload).toEqual(payload);
      }),
    );
  });

  it('that is a transfer, written here, is the same to rhea', () => {
    fc.assert(
      fc.property(channel, transfers, bytes(300), (onChannel, fields, payload) => {
        const { handle, deliveryId, deliveryTag: tag, settled: isSettled, more } = fields;
        const written = encodeTransfer(onChannel, { handle, deliveryId, tag, isSettled, more }, payload);
        const read = rheaFrames.read_frame(written);
        expect(read?.channel).toBe(onChannel);
        expect(read?.performative).toMatchObject(rheaNames({ ...fields, messageFormat: 0 }));
        expect(read?.payload ?? Buffer.alloc(0)).toEqual(payload);
      }),
    );
  });

  it('that is a disposition, written by rhea, is the same here', () => {
    fc.assert(
      fc.property(channel, dispositions, (onChannel, fields) => {
        const read = readFrame(writtenByRhea('disposition', { channel: onChannel, fields }));
        expect(read).toMatchObject({ channel: onChannel, performative: fields });
      }),
    );
  });

  it('that is a disposition, written here, is the same to rhea, however long its state is', () => {
    const states = fc.oneof(
      fc.constant(ENCODED_ACCEPTED),
      fc.nat(1000).map(length => encodeRejected(new ProtocolError('x'.repeat(length)))),
    );
    fc.assert(
      fc.property(channel, fc.boolean(), uint, states, (onChannel, role, deliveryId, state) => {
        const read = rheaFrames.read_frame(encodeDisposition(onChannel, { role, deliveryId, state }));
        expect(read?.channel).toBe(onChannel);
        expect(read?.performative).toMatchObject({ role, first: deliveryId, last: deliveryId, settled: true });
        expect(read?.performative).toHaveProperty('state.descriptor.value', state[2]);
        expect(read?.payload).toBeUndefined();
      }),
    );
  });

  it('that is a flow, written by rhea, is the same here', () => {
    fc.assert(
      fc.property(channel, flows, (onChannel, fields) => {
        const { performative } = readFrame(writtenByRhea('flow', { channel: onChannel, fields }));
        const { nextOutgoingId, outgoingWindow, available, ...read } = fields;
        expect(performative).toMatchObject(read);
      }),
    );
  });
});

function writtenByRhea(
  kind: 'transfer' | 'disposition' | 'flow',
  { channel, fields, payload }: { channel: number; fields: object; payload?: Buffer },
): Buffer {
  const performative = rheaFrames[kind](rheaNames(fields));
  return rheaFrames.write_frame({ type: 0, channel, performative, ...(payload && { payload }) });
}
