import type { CostTable } from '../cost/costs-per-million-orders.js';
import { listed } from '../text/format.js';
import { cheapest, money, writesOf } from './bill.js';
import type { DecidedDimension, Dimension } from './dimensions.js';
import type { Cell, Table } from './document.js';
import { rangeText, ratioNumber, ratioRange } from './ratio-text.js';
import type { Side, SideFigure } from './sides.js';
import { NONE, numbers, texts } from './table.js';

/** Both sides beside each other, a row a dimension. */
export function sidesTable(
  sides: readonly Side[],
  decided: readonly DecidedDimension[],
  costs: CostTable | null,
): Table {
  return {
    kind: 'table',
    id: 'sides',
    caption: `${listed(sides.map(({ title }) => title))}, each by its best contender in that row. A figure is a median, the middle of the runs; below it stands its 95 % interval: 95 of 100 such ranges hold the true value`,
    columns: [texts('measured'), ...sides.map(({ title }) => numbers(title)), texts('better')],
    rows: [...decided.map(row => dimensionRow(row, sides)), ...costRow(sides, costs)],
  };
}

function dimensionRow(row: DecidedDimension, sides: readonly Side[]): Cell[] {
  const { dimension, decision } = row;
  const cells = sides.map((side, index): Cell => {
    const figure = decision.figures[index];
    if (figure) return figureCell(dimension, figure);
    const { standIn } = decision;
    const isKnown = side.kind === 'spin' && standIn !== null;
    return { ...UNMEASURED, ...(isKnown ? { detail: `${standIn.contender}: ${dimension.text(standIn.value)}` } : {}) };
  });
  return [{ text: dimension.title }, ...cells, betterCell(row, sides)];
}

const UNMEASURED: Cell = { text: 'not measured', value: null };

function figureCell({ text }: Dimension, { contender, value, low, high }: SideFigure): Cell {
  if (!Number.isFinite(value)) return { text: 'not finished', value: null, detail: contender };
  // The unit stands with the figure.
  const range = rangeText(low, high, bound => text(bound).replace(/ .*/, ''));
  return { text: text(value), detail: [range, contender], value };
}

function betterCell({ dimension, decision: { figures, better } }: DecidedDimension, sides: readonly Side[]): Cell {
  if (!better) return { text: figures.every(Boolean) ? 'not decided' : NONE.text };
  const worse = sides[1 - better.side]?.title ?? '';
  const text = sides[better.side]?.title ?? '';
  if (!better.gain) return { text, detail: `${worse} did not finish` };
  const range = ratioRange(better.gain);
  const gain = dimension.gain(`${ratioNumber(better.gain.ratio)} times`, worse);
  return { text, detail: [gain, ...(range === null ? [] : [range])] };
}

function costRow(sides: readonly Side[], costs: CostTable | null): Cell[][] {
  const rows = sides.map(side => cheapest(side, costs));
  if (costs === null || rows.every(row => row === null)) return [];
  const cells = rows.map(
    (row): Cell =>
      row
        ? {
            text: money(row.total, costs),
            detail: [`${money(writesOf(row), costs)} of it blob writes`, row.contender],
            value: row.total,
          }
        : UNMEASURED,
  );
  const [a, b] = rows.map(row => row?.total ?? null);
  const [least, most] = [Math.min(a ?? 0, b ?? 0), Math.max(a ?? 0, b ?? 0)];
  const cheaper: Cell =
    !a || !b
      ? NONE
      : {
          text: sides[a < b ? 0 : 1]?.title ?? '',
          detail: [`${Math.round((1 - least / most) * 100)} % less`, 'from medians'],
        };
  return [[{ text: `cost of 1,000,000 orders${costs.example ? ', example prices' : ''}` }, ...cells, cheaper]];
}
