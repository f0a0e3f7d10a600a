import type { CostTable } from '../../cost/costs-per-million-orders.js';
import { percent } from '../../text/format.js';
import { folded, type Missing, paragraph, type Section, type Table } from '../document.js';
import type { ContenderRuns } from '../evidence.js';
import { sourcesOf } from '../figures.js';
import type { Palette } from '../palette.js';
import { moneyCell, numberCell, numbers, texts } from '../table.js';

/**
 * A published claim, held against its own figures: node sizes and relative prices, in the repository. bench/prices/README.md has it at length.
 */
const CLAIM =
  'A published claim: the same number of orders in the same time, 60 % cheaper: Spin on Arm nodes against Express on x86 nodes ' +
  '([source 1](https://amperecomputing.com/developer-story/zeiss), ' +
  '[source 2](https://techelevate.us/2025/02/14/zeiss-demonstrates-the-power-of-scalable-workflows-with-ampere-altra-and-spinkube-sitepoint); ' +
  '[its figures](https://github.com/ZEISS/enterprise-wasm/blob/04b1e16d8c828ea3bb244d340f2f71236680340f/README.md)). ' +
  'That is the ratio of two node prices: half the vCPUs, each at 0.80 of the price. With as many vCPUs on both sides its own ' +
  'price list leaves 20 %, which any runtime with an arm64 build gets. Whether half the vCPUs do is up to the runtime, whose ' +
  "part is “the app's CPU” above, and to the architecture, which was not measured here: there is no total of our own.";

/** What a million orders cost. */
export function costSection(
  table: CostTable | null,
  groups: readonly ContenderRuns[],
  palette: Palette,
): Section | Missing {
  if (!table) {
    return {
      missing:
        'cost: contenders are priced within one comparison (`make compare`, then `make prices` for those of your region)',
    };
  }
  return {
    id: 'cost',
    title: 'Cost of a million orders',
    blocks: [
      paragraph(
        `At ${percent(table.shareOfSteadyRate)} of each contender’s steady rate, in ${table.currency}, region ${table.region}, ` +
          `${table.messagingUnits} Service Bus Premium messaging unit${table.messagingUnits === 1 ? '' : 's'}. A vCPU is taken to do what a core of the measuring machine does.` +
          (table.example
            ? ' **These are example prices**, dated in their file and not today’s: `make prices` reads those of your region.'
            : ''),
      ),
      costTable(table, palette),
      ...(table.leftOut.length > 0
        ? [
            {
              kind: 'list',
              items: table.leftOut.map(({ contender, reason }) => `\`${contender}\` has no cost: ${reason}.`),
            } as const,
          ]
        : []),
      folded('A published claim taken apart', paragraph(CLAIM)),
      { kind: 'sources', results: sourcesOf(groups) },
    ],
  };
}

function costTable({ rows, currency }: CostTable, palette: Palette): Table {
  const titles = rows[0]?.terms.map(term => term.title) ?? [];
  return {
    kind: 'table',
    id: 'cost-table',
    caption: 'Cost of 1,000,000 orders by part, from medians',
    columns: [
      texts('contender'),
      numbers('total', currency),
      ...titles.map(title => numbers(title, currency)),
      numbers('hours'),
      texts('node'),
    ],
    rows: rows.map(({ contender, node, hours, terms, total }) => [
      { text: palette.label(contender) },
      moneyCell(total),
      ...terms.map(({ cost }) => moneyCell(cost)),
      numberCell(hours),
      { text: `${node.size}, ${node.architecture}` },
    ]),
  };
}
