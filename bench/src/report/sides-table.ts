import type { CostTable } from '../cost/costs-per-million-orders.js';
import { listed } from '../text/format.js';
import { cheapest, money, writesOf } from './bill.js';
import type { DecidedDimension } from './dimensions.js';
import type { Cell, Table } from './document.js';
import { rangeText, ratioNumber } from './ratio-text.js';
import type { Side } from './sides.js';

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
    columns: [
      { title: 'measured' },
      ...sides.map(({ title }) => ({ title, isNumber: true as const })),
      { title: 'better' },
    ],
    rows: [...decided.map(row => dimensionRow(row, sides)), ...costRow(sides, costs)],
  };
}

function dimensionRow({ dimension, decision }: DecidedDimension, sides: readonly Side[]): Cell[] {
  const { figures, standIn, better } = decision;
  const cells = figures.map((figure): Cell => {
    if (figure) {
      const range = rangeText(figure.low, figure.high, value => bare(dimension.text(value)));
      return {
        text: dimension.text(figure.value),
        detail: [...(range === null ? [] : [range]), figure.contender],
        value: figure.value,
      };
    }
    const detail = standIn ? { detail: `${standIn.contender}: ${dimension.text(standIn.value)}` } : {};
    return { text: 'not measured', value: null, ...detail };
  });
  return [
    { text: dimension.title },
    ...cells,
    betterCell({ dimension, decision }, sides, figures.every(Boolean) ? 'not decided' : better === null ? '–' : ''),
  ];
}

/** A value without its unit, which stands with the figure beside it. */
function bare(text: string): string {
  return text.replace(/ .*/, '');
}

function betterCell({ dimension, decision }: DecidedDimension, sides: readonly Side[], otherwise: string): Cell {
  const { better } = decision;
  if (!better) return { text: otherwise };
  const worse = sides[1 - better.side]?.title ?? '';
  const times = better.gain ? `${ratioNumber(better.gain.ratio)} times` : '';
  const range = better.gain ? rangeText(better.gain.low, better.gain.high, ratioNumber) : null;
  return {
    text: sides[better.side]?.title ?? '',
    detail: [dimension.gain(times, worse), ...(range === null ? [] : [range])],
  };
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
        : { text: 'not measured', value: null },
  );
  const [a, b] = rows.map(row => row?.total ?? null);
  const [least, most] = [Math.min(a ?? 0, b ?? 0), Math.max(a ?? 0, b ?? 0)];
  const cheaper: Cell =
    !a || !b
      ? { text: '–' }
      : {
          text: sides[a < b ? 0 : 1]?.title ?? '',
          detail: [`${Math.round((1 - least / most) * 100)} % less`, 'from medians'],
        };
  return [[{ text: `cost of 1,000,000 orders${costs.example ? ', example prices' : ''}` }, ...cells, cheaper]];
}
