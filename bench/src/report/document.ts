/**
 * A report as data: what html.ts and markdown.ts both write. A text is plain but for `code` and [links](target).
 */
export interface Report {
  readonly title: string;
  /** What is recommended, in one sentence. */
  readonly headline: string;
  /** What speaks for it and against it, a sentence each. */
  readonly points: readonly string[];
  /** The table and the chart that show it at one look. */
  readonly summary: readonly Block[];
  /** Where the headline holds, and how sure it is. */
  readonly notes: readonly string[];
  readonly sections: readonly Section[];
}

/** Something of which nothing is stored. */
export interface Missing {
  /** What it is, and the command that measures it. */
  readonly missing: string;
}

/** A part of the report with a heading of its own. */
export interface Section {
  /** Its anchor. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** What stands in a section, in reading order. */
export type Block = Paragraph | List | Table | Chart | Sources | Folded;

/** Running text. */
export interface Paragraph {
  readonly kind: 'paragraph';
  readonly text: string;
}

/** Points without an order. */
export interface List {
  readonly kind: 'list';
  readonly items: readonly string[];
}

/** A table whose columns sort. */
export interface Table {
  readonly kind: 'table';
  readonly id: string;
  /** What it shows, as a sentence. */
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

/** A table's column; numbers are aligned right and sort by value. */
export interface Column {
  readonly title: string;
  readonly unit?: string;
  readonly isNumber?: true;
}

/** What stands in one place of a table. */
export interface Cell {
  readonly text: string;
  /** Said more quietly below the text: an interval, whose it is; a line each. */
  readonly detail?: string | readonly string[];
  /** What it sorts by, where that is not the text; null sorts last. */
  readonly value?: number | null;
}

/** A chart; drawn for the page at two widths, and once more as a file of its own. */
export interface Chart {
  readonly kind: 'chart';
  /** Also its file's name: charts/<id>.svg. */
  readonly id: string;
  /** The finding, as a sentence. */
  readonly title: string;
  /** What is drawn, and how it is read. */
  readonly description: string;
  readonly draw: (format: ChartFormat) => string;
}

/** Where a chart is shown: beside text on a wide screen, on a phone, or as a file that carries its title and ground. */
export type ChartFormat = 'wide' | 'narrow' | 'file';

/** The results that the figures before it are from. */
export interface Sources {
  readonly kind: 'sources';
  readonly results: readonly Source[];
}

/** One result file. */
export interface Source {
  readonly id: string;
  readonly contender: string;
  /** Below the results folder. */
  readonly file: string;
}

/** What a reader need not see first: it opens under its title. */
export interface Folded {
  readonly kind: 'folded';
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** Running text as a block. */
export function paragraph(text: string): Paragraph {
  return { kind: 'paragraph', text };
}

/** Blocks under a title that opens them. */
export function folded(title: string, ...blocks: readonly Block[]): Folded {
  return { kind: 'folded', title, blocks };
}

/** The lines below a cell's text. */
export function detailLines({ detail }: Cell): readonly string[] {
  return detail === undefined ? [] : [detail].flat();
}

/** The charts that stand open in some blocks. */
export function openCharts(blocks: readonly Block[]): Chart[] {
  return blocks.filter(block => block.kind === 'chart');
}
