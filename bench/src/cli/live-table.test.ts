import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { LiveTable } from './live-table.js';

/** A stream that keeps what is written; a terminal of so many columns, or none. */
function screen(columns?: number) {
  const stream = new PassThrough();
  return Object.assign(stream, columns === undefined ? {} : { isTTY: true, columns });
}
const written = (stream: PassThrough) => String(stream.read() ?? '');
const UP_3 = '\u001b[3A';
const CLEAR_DOWN = '\u001b[0J';

describe('the live table', () => {
  it('is plain lines where there is no terminal: one a run, and the table once a block', () => {
    const stream = screen();
    const table = new LiveTable(stream);
    table.begin('block 1, run 1: a');
    table.step('warming up');
    table.progress({ written: 1, expected: 2, ordersPerSecond: 3 });
    table.show('half', { isBlockDone: false });
    table.begin('block 1, run 2: b');
    table.show('whole', { isBlockDone: true });
    table.clear();
    expect(written(stream)).toBe('block 1, run 1: a\nblock 1, run 2: b\nwhole\n');
  });

  it('is drawn over itself in a terminal, no line wider than it', () => {
    const stream = screen(21);
    const table = new LiveTable(stream);
    table.show('a table that is too wide for it', { isBlockDone: false });
    table.begin('block 1, run 1: a');
    expect(written(stream)).toBe('a table that is too \nblock 1, run 1: a\n  \n');
    table.progress({ written: 500, expected: 1000, ordersPerSecond: 99.6 });
    expect(written(stream)).toBe(`${UP_3}${CLEAR_DOWN}a table that is too \nblock 1, run 1: a\n  500/1000 written, \n`);
    table.say('a void: busy');
    expect(written(stream)).toBe(`${UP_3}${CLEAR_DOWN}a void: busy\n`);
  });
});
