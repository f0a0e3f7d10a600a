import * as Plot from '@observablehq/plot';
import type { RunResult } from '../../results/result.js';
import { plain } from '../../text/format.js';
import type { Chart } from '../document.js';
import type { ContenderRuns } from '../evidence.js';
import { medianOf } from '../figures.js';
import type { Palette } from '../palette.js';
import { chartOf } from './frame.js';
import { ROW_VALUE, rowAxis, rowLabels } from './rows.js';

/** A figure of which less is better. */
export interface GlancePanel {
  /** With its unit. */
  readonly title: string;
  readonly read: (result: RunResult) => number | null;
}

/** What the chart shows. */
export interface GlanceOptions {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly groups: readonly ContenderRuns[];
  readonly palette: Palette;
  readonly panels: readonly GlancePanel[];
}

interface Bar {
  readonly row: string;
  readonly contender: string;
  readonly panel: string;
  readonly value: number;
  /** Of the longest bar in its panel. */
  readonly share: number;
}

const ROW_PX = { wide: 30, narrow: 42 };

/** Several figures beside each other, a panel each with a scale of its own: medians. Null where there is none. */
export function glanceChart({ id, title, description, groups, palette, panels }: GlanceOptions): Chart | null {
  const bars = panels.flatMap(panel => barsOf(panel, groups, palette));
  if (bars.length === 0) return null;
  const rows = [...new Set(bars.map(({ row }) => row))];
  const titles = panels.map(panel => panel.title).filter(name => bars.some(({ panel }) => panel === name));
  return chartOf({
    id,
    title,
    description,
    frame: format => {
      const isNarrow = format === 'narrow';
      const facet = isNarrow ? { fy: 'panel' } : { fx: 'panel' };
      const scale = { domain: titles, axis: null, padding: isNarrow ? 0.12 : 0.06 };
      return {
        legend: [],
        height: isNarrow ? (ROW_PX.narrow * rows.length + 44) * titles.length : ROW_PX.wide * rows.length + 40,
        plot: () => ({
          ...rowAxis({ rows, isNarrow, rightPx: 8 }),
          marginBottom: 8,
          marginTop: 30,
          ...(isNarrow ? { fy: scale } : { fx: scale }),
          // The value stands behind its bar.
          x: { axis: null, domain: [0, isNarrow ? 1.25 : 1.4] },
          marks: [
            Plot.text(titles, {
              className: 'panel-titles',
              text: (name: string) => name,
              ...(isNarrow ? { fy: (name: string) => name } : { fx: (name: string) => name }),
              frameAnchor: 'top-left',
              lineAnchor: 'bottom',
              dy: -10,
              fontWeight: 600,
            }),
            Plot.barX(bars, {
              className: 'bars',
              x: 'share',
              y: 'row',
              ...facet,
              fill: ({ contender }: Bar) => palette.colour(contender),
            }),
            Plot.text(bars, {
              className: 'values',
              x: 'share',
              y: 'row',
              ...facet,
              text: ({ value }: Bar) => plain(value),
              dx: 6,
              ...ROW_VALUE,
            }),
            ...rowLabels(rows, isNarrow),
          ],
          color: { type: 'identity' },
        }),
      };
    },
  });
}

function barsOf({ title, read }: GlancePanel, groups: readonly ContenderRuns[], palette: Palette): Bar[] {
  const values = groups.flatMap(({ contender, runs }) => {
    const value = medianOf(runs, read);
    return value === null ? [] : [{ contender, value }];
  });
  const most = Math.max(...values.map(({ value }) => value));
  return values.map(({ contender, value }) => ({
    row: palette.label(contender),
    contender,
    panel: title,
    value,
    share: most > 0 ? value / most : 0,
  }));
}
