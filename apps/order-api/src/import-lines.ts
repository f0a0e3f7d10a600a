import { BadCsv, csvRecords } from './csv-records.js';

/** Media types of imports. */
export const IMPORT_TYPES = ['application/x-ndjson', 'text/csv'] as const;

/** Most lines of an import. */
const MAX_LINES = 10_000;

/** Why a line makes no order. */
export interface LineFault {
  readonly status: 400 | 409 | 413;
  readonly detail: string;
  readonly field?: string;
}

/** An order's JSON, or why the line has none. */
export type ImportLine = string | LineFault;

/** What is wrong with an import as a whole. */
export interface BadImport {
  readonly status: 400 | 413;
  readonly detail: string;
  readonly field?: string;
}

/** Reads the lines of an import, each an order; empty ones are none. */
export function readImport(
  bytes: Uint8Array,
  mediaType: (typeof IMPORT_TYPES)[number],
): readonly ImportLine[] | BadImport {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { status: 400, detail: 'The import is not in UTF-8.' };
  }
  const lines = mediaType === 'text/csv' ? csvLines(text) : jsonLines(text);
  if ('status' in lines) return lines;
  if (lines.length === 0) return { status: 400, detail: 'The import has no line.' };
  if (lines.length > MAX_LINES) return { status: 413, detail: `An import has at most ${MAX_LINES} lines.` };
  return lines;
}

/** One more than the limit at most. */
function jsonLines(text: string): readonly ImportLine[] {
  const lines: string[] = [];
  const blank = /\s*/y;
  for (let at = 0; lines.length <= MAX_LINES; ) {
    blank.lastIndex = at;
    blank.test(text);
    if (blank.lastIndex === text.length) break;
    const end = text.indexOf('\n', blank.lastIndex);
    const stop = end < 0 ? text.length : end;
    lines.push(text.slice(blank.lastIndex, stop).trimEnd());
    at = stop;
  }
  return lines;
}

const COLUMNS = ['orderId', 'orderGuid', 'description', 'firstName', 'lastName', 'delivery'];
const ITEM_COLUMNS = ['orderItemId', 'sku', 'quantity'];
const NUMBER_COLUMNS = ['orderId', 'orderItemId', 'quantity'];

function csvLines(text: string): readonly ImportLine[] | BadImport {
  try {
    const records = csvRecords(text);
    const head: readonly string[] = records.next().value ?? [];
    const known = [...COLUMNS, ...ITEM_COLUMNS];
    if (!head.includes('delivery') || head.some((name, at) => !known.includes(name) || head.indexOf(name) !== at))
      return {
        status: 400,
        detail: `The first line names the columns, "delivery" and, each once, any of ${known.join(', ')}.`,
        field: 'columns',
      };
    const lines: ImportLine[] = [];
    for (const cells of records) {
      lines.push(lineOf(head, cells));
      if (lines.length > MAX_LINES) break;
    }
    return lines;
  } catch (error) {
    if (!(error instanceof BadCsv)) throw error;
    return { status: 400, detail: `The import is no CSV: ${error.message}.` };
  }
}

/** An order with at most one item; an empty cell is a field that is not there. */
function lineOf(head: readonly string[], cells: readonly string[]): ImportLine {
  if (cells.length !== head.length)
    return { status: 400, detail: `The line has ${cells.length} cells, and there are ${head.length} columns.` };
  const given = head.flatMap((name, at): [string, string | number][] => {
    const cell = cells[at] ?? '';
    return cell === '' ? [] : [[name, NUMBER_COLUMNS.includes(name) ? numberOf(cell) : cell]];
  });
  const of = (columns: readonly string[]) => Object.fromEntries(given.filter(([name]) => columns.includes(name)));
  const item = of(ITEM_COLUMNS);
  return JSON.stringify({ ...of(COLUMNS), ...(Object.keys(item).length === 0 ? {} : { items: [item] }) });
}

/** What is no whole number stays text, and the order says then that it is none. */
function numberOf(cell: string): number | string {
  return /^(?:0|-?[1-9]\d*)$/.test(cell) ? Number(cell) : cell;
}
