import * as Plot from '@observablehq/plot';
import type { ChartFormat } from '../document.js';

const CHARACTER_PX = 7.2;

/** Height of one row of a chart whose rows have names: on a phone the name stands above its row. */
export function rowHeight(format: ChartFormat): number {
  return format === 'narrow' ? 50 : 40;
}

/** The margins and the band scale of such a chart. */
export function rowAxis({
  rows,
  isNarrow,
  rightPx,
}: {
  rows: readonly string[];
  isNarrow: boolean;
  rightPx: number;
}): Plot.PlotOptions {
  const longest = Math.max(...rows.map(({ length }) => length));
  return {
    marginLeft: isNarrow ? 8 : longest * CHARACTER_PX + 16,
    marginRight: rightPx,
    marginBottom: 40,
    marginTop: 8,
    y: {
      domain: [...rows],
      label: null,
      tickSize: 0,
      padding: isNarrow ? 0.5 : 0.25,
      ...(isNarrow ? { axis: null } : {}),
    },
  };
}

/** How many ticks the level axis of such a chart has, and lines its grid. */
export function rowTicks(isNarrow: boolean): number {
  return isNarrow ? 4 : 7;
}

/** How a value stands at the end of its row. */
export const ROW_VALUE = { textAnchor: 'start', fontWeight: 600, fontVariant: 'tabular-nums' } as const;

/** The rows' names where they do not stand on an axis. */
export function rowLabels(rows: readonly string[], isNarrow: boolean): Plot.Markish[] {
  if (!isNarrow) return [];
  const name = (row: string) => row;
  return [
    Plot.text(rows, {
      className: 'row-labels',
      y: name,
      text: name,
      frameAnchor: 'left',
      textAnchor: 'start',
      dy: -20,
    }),
  ];
}
