import * as Plot from '@observablehq/plot';
import type { ProcessRole } from '@order-bench/rig';
import type { RunResult } from '../../results/result.js';
import { axisNumber, plain } from '../../text/format.js';
import type { Chart } from '../document.js';
import type { ContenderRuns } from '../evidence.js';
import { medianOf, ROLE_TITLES } from '../figures.js';
import type { Palette } from '../palette.js';
import { axisLabel, chartOf, GRID } from './frame.js';
import { ROW_VALUE, rowAxis, rowHeight, rowLabels, rowTicks } from './rows.js';

/** A figure by role, and what is said of it. */
export interface StackedOptions {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly axis: string;
  readonly groups: readonly ContenderRuns[];
  readonly palette: Palette;
  /** Those that are shown, the app first. */
  readonly roles: readonly ProcessRole[];
  readonly read: (result: RunResult, role: ProcessRole) => number;
}

interface Part {
  readonly contender: string;
  readonly role: ProcessRole;
  readonly from: number;
  readonly to: number;
}

interface Total {
  readonly contender: string;
  readonly app: number;
  /** Median of the runs' sums, which is not the sum of the parts' medians. */
  readonly total: number;
  /** Where its bar ends. */
  readonly end: number;
}

/**
 * A bar a contender, its roles side by side in it: the app in the contender's colour, what is common to all in greys.
 * Parts are medians over runs; null where there are no runs.
 */
export function stackedChart(options: StackedOptions): Chart | null {
  const { id, title, description, axis, groups, palette, roles, read } = options;
  const shown = groups.filter(({ runs }) => runs.length > 0);
  if (shown.length === 0) return null;
  const contenders = shown.map(({ contender }) => contender);
  const rows = contenders.map(palette.label);
  const y = ({ contender }: { contender: string }) => palette.label(contender);
  const parts = shown.flatMap(group => partsOf(group, roles, read));
  const totals = shown.map(({ contender, runs }): Total => {
    const own = parts.filter(part => part.contender === contender);
    const app = own.find(({ role }) => role === 'app');
    const total = medianOf(runs, result => roles.reduce((sum, role) => sum + read(result, role), 0));
    return {
      contender,
      app: app ? app.to - app.from : 0,
      total: total ?? 0,
      end: Math.max(...own.map(({ to }) => to)),
    };
  });
  const colour = ({ role, contender }: Part) => (role === 'app' ? palette.colour(contender) : ROLE_COLOURS[role]);
  const first = shown[0]?.contender ?? '';
  const last = shown.findLast(({ role }) => role === 'contender')?.contender ?? first;
  return chartOf({
    id,
    title,
    description,
    frame: format => ({
      legend: roles.map(role =>
        role === 'app'
          ? { label: ROLE_TITLES.app, colour: palette.colour(first), secondColour: palette.colour(last) }
          : { label: ROLE_TITLES[role], colour: ROLE_COLOURS[role] },
      ),
      height: rowHeight(format) * contenders.length + 56,
      plot: ({ isNarrow }) => ({
        ...rowAxis({ rows, isNarrow, rightPx: 106 }),
        x: {
          ...axisLabel(axis),
          ticks: rowTicks(isNarrow),
          tickFormat: axisNumber,
        },
        marks: [
          Plot.gridX({ ticks: rowTicks(isNarrow), ...GRID }),
          Plot.barX(parts, {
            className: 'parts',
            y,
            x1: 'from',
            x2: 'to',
            fill: colour,
            insetRight: 1,
          }),
          Plot.text(totals, {
            className: 'totals',
            y,
            x: 'end',
            text: ({ app, total }: Total) => `${plain(app)} of ${plain(total)}`,
            dx: 7,
            ...ROW_VALUE,
          }),
          ...rowLabels(rows, isNarrow),
        ],
        color: { type: 'identity' },
      }),
    }),
  });
}

const ROLE_COLOURS: Readonly<Record<Exclude<ProcessRole, 'app'>, string>> = {
  dapr: 'var(--share-2)',
  rig: 'var(--share-3)',
  harness: 'var(--share-4)',
};

function partsOf(
  { contender, runs }: ContenderRuns,
  roles: readonly ProcessRole[],
  read: StackedOptions['read'],
): Part[] {
  let from = 0;
  return roles
    .map(role => {
      const part = { contender, role, from, to: from + (medianOf(runs, result => read(result, role)) ?? 0) };
      from = part.to;
      return part;
    })
    .filter(({ from: start, to }) => to > start);
}
