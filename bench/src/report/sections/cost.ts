import type { ClaimTakenApart } from '../../cost/claim.js';
import type { CostTable } from '../../cost/costs-per-million-orders.js';
import { percent } from '../../text/format.js';
import { folded, type Missing, paragraph, type Section, type Table } from '../document.js';
import type { ContenderRuns } from '../evidence.js';
import { sourcesOf } from '../figures.js';
import type { Palette } from '../palette.js';
import { moneyCell, numberCell, numbers, texts } from '../table.js';

/** Costs of a comparison's contenders, and the published claim beside them. */
export interface Costs {
  readonly table: CostTable;
  readonly claim: ClaimTakenApart;
}

/** What a million orders cost. */
export function costSection(
  costs: Costs | null,
  groups: readonly ContenderRuns[],
  palette: Palette,
): Section | Missing {
  if (!costs) {
    return {
      missing:
        'cost: contenders are priced within one comparison (`make compare`, then `make prices` for those of your region)',
    };
  }
  const { table, claim } = costs;
  const { saidIn, figuresIn, text } = claim.claim;
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
      folded(
        'A published claim taken apart',
        paragraph(
          `The claim: ${text} (${saidIn.map((address, index) => `[source ${index + 1}](${address})`).join(', ')}; [its figures](${figuresIn})).`,
        ),
        { kind: 'list', items: claim.conclusions },
      ),
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
