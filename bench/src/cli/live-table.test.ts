import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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
  beforeEach(() => vi.stubEnv('TERM', 'xterm'));
  afterEach(() => vi.unstubAllEnvs());

  it('is plain lines where there is no terminal, and the table once a block', () => {
    const stream = screen();
    const table = new LiveTable(stream);
    table.begin('block 1, run 1: a');
    table.step('warming up');
    table.progress({ written: 1, expected: 2, ordersPerSecond: 3 });
    table.show('half', { isBlockDone: false });
    table.begin('block 1, run 2: b');
    table.show('whole', { isBlockDone: true });
    table.clear();
    expect(written(stream)).toBe('block 1, run 1: a\n  warming up\nblock 1, run 2: b\nwhole\n');
  });

  it('is drawn over itself in a terminal, no line wider than it', () => {
    const stream = screen(21);
    const table = new LiveTable(stream);
    table.show('a table that is too wide for it', { isBlockDone: false });
    table.begin('block 1, run 1: a');
    expect(written(stream)).toBe('a table that is too \nblock 1, run 1: a\n  \n');
    table.step('draining');
    stream.read();
    table.progress({ written: 500, expected: 1000, ordersPerSecond: 99.6 });
    expect(written(stream)).toBe(`${UP_3}${CLEAR_DOWN}a table that is too \nblock 1, run 1: a\n  draining: 500 of 1\n`);
    table.say('a void: busy');
    expect(written(stream)).toBe(`${UP_3}${CLEAR_DOWN}a void: busy\n`);
  });

  it('shows no more lines than the terminal has: one above them could not be drawn over', () => {
    const stream = Object.assign(screen(80), { rows: 5 });
    const table = new LiveTable(stream);
    table.show('1\n2\n3\n4', { isBlockDone: false });
    table.begin('run');
    expect(written(stream)).toBe('1\n2\nrun\n  \n');
  });

  it('is plain lines in a terminal that can do nothing', () => {
    vi.stubEnv('TERM', 'dumb');
    const stream = screen(80);
    new LiveTable(stream).begin('run');
    expect(written(stream)).toBe('run\n');
  });
});
