/** Text that is no CSV: the message says where. */
export class BadCsv extends Error {
  override readonly name = 'BadCsv';
}

/**
 * The records of CSV (RFC 4180), lazily; empty lines are none. Not by a library: those that there are read byte by byte, which
 * takes seconds in Spin's JavaScript engine.
 *
 * @throws BadCsv
 */
export function* csvRecords(text: string): Generator<readonly string[]> {
  let at = 0;
  for (let record = 1; ; record++) {
    at = after(/[\r\n]*/y, text, at);
    if (at === text.length) return;
    const cells: string[] = [];
    do {
      if (cells.length > 0) at += 1;
      const [cell, end] = text[at] === '"' ? quotedCell(text, at, record) : bareCell(text, at, record);
      cells.push(cell);
      at = end;
    } while (text[at] === ',');
    yield cells;
  }
}

function bareCell(text: string, start: number, record: number): readonly [string, number] {
  const end = after(/[^",\r\n]*/y, text, start);
  if (text[end] === '"') throw new BadCsv(`record ${record} has a quote within a cell that does not begin with one`);
  return [text.slice(start, end), end];
}

function quotedCell(text: string, start: number, record: number): readonly [string, number] {
  const parts: string[] = [];
  for (let from = start + 1; ; ) {
    const quote = text.indexOf('"', from);
    if (quote < 0) throw new BadCsv(`record ${record} has a quote that nothing closes`);
    parts.push(text.slice(from, quote));
    if (text[quote + 1] === '"') {
      from = quote + 2;
      continue;
    }
    const end = quote + 1;
    if (end < text.length && !',\r\n'.includes(text[end] ?? ''))
      throw new BadCsv(`record ${record} has more behind a closing quote`);
    return [parts.join('"'), end];
  }
}

function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  pattern.test(text);
  return pattern.lastIndex;
}
