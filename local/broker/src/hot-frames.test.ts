import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACCEPTED, type Frame, hotCodec, rheaCodec } from './hot-frames.js';

const uint = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const channel = fc.integer({ min: 0, max: 65_535 });
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map(array => Buffer.from(array));
const TRANSFER_FIELDS = ['handle', 'delivery_id', 'delivery_tag', 'message_format', 'settled', 'more'] as const;
const DISPOSITION_FIELDS = ['role', 'first', 'last', 'settled'] as const;
const FLOW_FIELDS = [
  ...(['next_incoming_id', 'incoming_window', 'next_outgoing_id', 'outgoing_window'] as const),
  ...(['handle', 'delivery_count', 'link_credit', 'available', 'drain', 'echo'] as const),
];
const rheaFlow = (createRequire(import.meta.url)('rhea/lib/frames.js') as { flow(fields: object): object }).flow;

const transfers = fc.record({
  handle: uint,
  delivery_id: uint,
  delivery_tag: bytes(32),
  message_format: uint,
  settled: fc.boolean(),
  more: fc.boolean(),
});
const dispositions = fc.record({ role: fc.boolean(), first: uint, last: uint, settled: fc.boolean() });
const flows = fc.record(
  {
    next_incoming_id: uint,
    incoming_window: uint,
    next_outgoing_id: uint,
    outgoing_window: uint,
    handle: uint,
    delivery_count: uint,
    link_credit: uint,
    available: uint,
    drain: fc.boolean(),
    echo: fc.boolean(),
  },
  { requiredKeys: ['incoming_window', 'next_outgoing_id', 'outgoing_window'] },
);

describe('a frame of the hot path', () => {
  it.each([
    ['ours', 'rhea’s', hotCodec, rheaCodec],
    ['rhea’s', 'ours', rheaCodec, hotCodec],
  ])('that is a transfer, written by %s code, is the same to %s', (_writer, _reader, writer, reader) => {
    fc.assert(
      fc.property(channel, transfers, bytes(300), (onChannel, fields, payload) => {
        const written = writer.write_frame({
          type: 0,
          channel: onChannel,
          performative: writer.transfer(fields),
          payload,
        });
        const read = reader.read_frame(written) as Frame;
        expect(read.channel).toBe(onChannel);
        expect(pick(read.performative, TRANSFER_FIELDS)).toEqual(fields);
        expect(read.payload ?? Buffer.alloc(0)).toEqual(payload);
      }),
    );
  });

  it.each([
    ['ours', 'rhea’s', hotCodec, rheaCodec],
    ['rhea’s', 'ours', rheaCodec, hotCodec],
  ])('that accepts, written by %s code, is the same to %s', (_writer, _reader, writer, reader) => {
    fc.assert(
      fc.property(channel, dispositions, (onChannel, fields) => {
        const performative = writer.disposition({ ...fields, state: ACCEPTED });
        const read = reader.read_frame(writer.write_frame({ type: 0, channel: onChannel, performative })) as Frame;
        expect(pick(read.performative, DISPOSITION_FIELDS)).toEqual(fields);
      }),
    );
  });

  it('that is a flow, written by rhea, is to our code what it is to rhea’s', () => {
    fc.assert(
      fc.property(channel, flows, (onChannel, fields) => {
        const written = rheaCodec.write_frame({ type: 0, channel: onChannel, performative: rheaFlow(fields) });
        const ours = pick((hotCodec.read_frame(written) as Frame).performative, FLOW_FIELDS);
        expect(ours).toEqual(pick((rheaCodec.read_frame(written) as Frame).performative, FLOW_FIELDS));
      }),
    );
  });
});

/** The named fields; what is null or left out is left out. */
function pick(performative: unknown, names: readonly string[]): Record<string, unknown> {
  const fields = performative as Record<string, unknown>;
  return Object.fromEntries(names.flatMap(name => (fields[name] == null ? [] : [[name, fields[name]]])));
}
