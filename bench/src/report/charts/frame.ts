import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Chart, ChartFormat } from '../document.js';
import type { Palette } from '../palette.js';
import { FONT, themeCss } from '../theme.js';

/** A chart before it is drawn in any format. */
export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly frame: (format: ChartFormat) => Frame;
}

/** What every chart is made of beside its title. */
export interface Frame {
  readonly legend: readonly LegendItem[];
  /** Of the marks and their axes, without title and legend. */
  readonly height: number;
  readonly plot: (canvas: Canvas) => Plot.PlotOptions;
}

/** An entry of the key above a chart. */
export interface LegendItem {
  readonly label: string;
  readonly colour: string;
  /** A colour that stands for several: drawn as that many halves. */
  readonly secondColour?: string;
  /** Of the line that it stands for: drawn as one. */
  readonly dash?: string;
}

/** Where a chart is drawn. */
export interface Canvas {
  readonly width: number;
  readonly isNarrow: boolean;
}

const WIDTH: Readonly<Record<ChartFormat, number>> = { wide: 860, file: 860, narrow: 336 };
const TEXT_PX = 12;
const TITLE_PX = 16;
/** Room for the widest common typeface; texts are never measured here. */
const EM_A_CHARACTER = 0.57;
const EM_A_BOLD_CHARACTER = 0.63;
const FILE_MARGIN = 20;

/** What is used of a DOM element: the project is not compiled against the DOM. */
interface SvgElement {
  textContent: string;
  readonly outerHTML: string;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  querySelector(selector: string): SvgElement | null;
  append(...children: SvgElement[]): void;
  prepend(...children: SvgElement[]): void;
  after(...siblings: SvgElement[]): void;
}

const { document } = parseHTML('<!doctype html><html><body></body></html>');

/** A chart that is drawn, in each format, as the text of one `svg` element that names and describes itself. */
export function chartOf({ id, title, description, frame }: ChartSpec): Chart {
  return {
    kind: 'chart',
    id,
    title,
    description,
    draw: format => drawChart({ title, description, format, ...frame(format) }),
  };
}

/** A key with an entry a contender, in its colour. */
export function contenderLegend(contenders: readonly string[], palette: Palette): LegendItem[] {
  return contenders.map(contender => ({ label: palette.label(contender), colour: palette.colour(contender) }));
}

interface Drawing extends Frame {
  readonly title: string;
  readonly description: string;
  readonly format: ChartFormat;
}

function drawChart({ title, description, format, legend, height, plot }: Drawing): string {
  const isFile = format === 'file';
  const width = WIDTH[format];
  const titleLines = isFile ? wrap(title, width / (TITLE_PX * EM_A_BOLD_CHARACTER)) : [];
  const key = placeLegend(legend, width);
  const top = titleLines.length * TITLE_PX * 1.35 + (titleLines.length > 0 ? 8 : 0);
  const bodyTop = top + key.height;
  const options = plot({ width, isNarrow: format === 'narrow' });
  const svg = Plot.plot({
    document,
    ...options,
    width,
    height: height + bodyTop,
    marginTop: (options.marginTop ?? 16) + bodyTop,
    style: { fontFamily: FONT, fontSize: `${TEXT_PX}px` },
  }) as unknown as SvgElement;
  const head = make('g', { 'text-anchor': 'start' });
  for (const [line, text] of titleLines.entries()) {
    head.append(
      make('text', { x: 0, y: TITLE_PX * (0.9 + line * 1.35), 'font-size': TITLE_PX, 'font-weight': 600 }, text),
    );
  }
  for (const entry of key.items) head.append(...legendEntry({ ...entry, y: top + entry.y }));
  svg.append(head);
  svg.prepend(make('title', {}, title), make('desc', {}, description));
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', `${title}. ${description}`);
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  // Sized by its box alone: an image with a height of its own would be squeezed on a phone.
  if (isFile) return asFile(svg, width, height + bodyTop);
  svg.removeAttribute('width');
  svg.removeAttribute('height');
  return svg.outerHTML;
}

/** What a level axis shows, written below its middle. */
export function axisLabel(label: string) {
  return { label, labelAnchor: 'center', labelArrow: 'none' } as const;
}

/** How the lines of a grid look. */
export const GRID = { stroke: 'var(--rule)', strokeOpacity: 1 } as const;

/** What an upright axis shows, written above it: Plot's own label would stand where the key is. */
export function axisTitle(text: string, marginLeft: number): Plot.Markish {
  return Plot.text([text], {
    className: 'axis-title',
    text: (title: string) => title,
    frameAnchor: 'top-left',
    textAnchor: 'start',
    dx: -marginLeft,
    dy: -20,
  });
}

/** A file has no page around it: it brings its ground, so that text is readable on whatever is behind. */
function asFile(svg: SvgElement, width: number, height: number): string {
  const [outerWidth, outerHeight] = [width + 2 * FILE_MARGIN, height + 2 * FILE_MARGIN];
  svg.setAttribute('viewBox', `${-FILE_MARGIN} ${-FILE_MARGIN} ${outerWidth} ${outerHeight}`);
  svg.setAttribute('width', String(outerWidth));
  svg.setAttribute('height', String(outerHeight));
  svg.querySelector('desc')?.after(
    make('style', {}, `${themeCss('svg')}svg{color:var(--ink)}`),
    make('rect', {
      x: -FILE_MARGIN,
      y: -FILE_MARGIN,
      width: outerWidth,
      height: outerHeight,
      rx: 8,
      fill: 'var(--ground)',
    }),
  );
  return `${svg.outerHTML}\n`;
}

interface PlacedItem {
  readonly item: LegendItem;
  /** Of its label: more than one where it is wider than the chart. */
  readonly lines: readonly string[];
  readonly x: number;
  readonly y: number;
}

function legendEntry({ item, lines, x, y }: PlacedItem): SvgElement[] {
  const { colour, secondColour, dash } = item;
  const texts = lines.map((line, index) =>
    make('text', { x: x + KEY_PX, y: y + index * LEGEND_LINE_PX, 'font-size': TEXT_PX }, line),
  );
  if (dash !== undefined) {
    const place = { x1: x, x2: x + 14, y1: y - 4, y2: y - 4 };
    return [make('line', { ...place, stroke: colour, 'stroke-width': 2.5, 'stroke-dasharray': dash }), ...texts];
  }
  const half = secondColour ? 6 : 12;
  return [
    make('rect', { x, y: y - 9, width: half, height: 10, fill: colour }),
    ...(secondColour ? [make('rect', { x: x + 6, y: y - 9, width: 6, height: 10, fill: secondColour })] : []),
    ...texts,
  ];
}

/** Room for an entry's colour, and the height of a line of the key. */
const KEY_PX = 18;
const LEGEND_LINE_PX = 20;

function placeLegend(legend: readonly LegendItem[], width: number) {
  let [x, line, last] = [0, 0, 1];
  const items = legend.map((item): PlacedItem => {
    const lines = wrap(item.label, (width - KEY_PX) / (TEXT_PX * EM_A_CHARACTER));
    const longest = Math.max(...lines.map(({ length }) => length));
    const itemWidth = KEY_PX + longest * TEXT_PX * EM_A_CHARACTER + 14;
    if (x > 0 && x + itemWidth - 14 > width) {
      x = 0;
      line = last;
    }
    const place = { item, lines, x, y: line * LEGEND_LINE_PX + 12 };
    x += itemWidth;
    last = Math.max(last, line + lines.length);
    return place;
  });
  return { items, height: items.length > 0 ? last * LEGEND_LINE_PX + 4 : 0 };
}

function wrap(text: string, characters: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trimStart();
    if (longer.length > characters && lines.at(-1) !== '') lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

function make(tag: string, attributes: Readonly<Record<string, string | number>>, text?: string): SvgElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  if (text !== undefined) element.textContent = text;
  return element as unknown as SvgElement;
}
