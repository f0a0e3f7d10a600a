import type { ClaimTakenApart } from '../../cost/claim.js';
import type { CostTable } from '../../cost/costs-per-million-orders.js';
import { percent } from '../../text/format.js';
import { type Block, paragraph, type Section, type Table } from '../document.js';
import type { ContenderRuns } from '../evidence.js';
import { numberCell, sourcesOf } from '../figures.js';

/** Costs of a comparison's contenders, and the published claim beside them. */
export interface Costs {
  readonly table: CostTable;
  readonly claim: ClaimTakenApart;
}

/** What a million orders cost. */
export function costSection(costs: Costs | null, groups: readonly ContenderRuns[]): Section {
  const title = 'Cost of a million orders';
  if (!costs) {
    return {
      id: 'cost',
      title,
      blocks: [
        paragraph(
          'There is no cost without a comparison: costs are held against each other within one (`make compare`, then `make prices`).',
        ),
      ],
    };
  }
  const { table, claim } = costs;
  const blocks: Block[] = [
    paragraph(
      `At ${percent(table.shareOfSteadyRate)} of each contender’s steady rate, in ${table.currency}, region ${table.region}, ` +
        `${table.messagingUnits} Service Bus Premium messaging unit${table.messagingUnits === 1 ? '' : 's'}. A vCPU is taken to do what a core of the measuring machine does.` +
        (table.example
          ? ' **These are example prices**, dated in their file and not today’s: `make prices` reads those of your region.'
          : ''),
    ),
    costTable(table),
    ...(table.leftOut.length > 0
      ? [
          {
            kind: 'list',
            items: table.leftOut.map(({ contender, reason }) => `\`${contender}\` has no cost: ${reason}.`),
          } as const,
        ]
      : []),
    paragraph(
      `A published claim: ${claim.claim.text} (${claim.claim.saidIn.map((address, index) => `[source ${index + 1}](${address})`).join(', ')}; [its figures](${claim.claim.figuresIn})). Taken apart:`,
    ),
    claimTable(claim),
    { kind: 'list', items: claim.conclusions },
    { kind: 'sources', results: sourcesOf(groups) },
  ];
  return { id: 'cost', title, blocks };
}

function costTable({ rows, currency }: CostTable): Table {
  const titles = rows[0]?.terms.map(term => term.title) ?? [];
  return {
    kind: 'table',
    id: 'cost-table',
    caption: 'Cost of 1,000,000 orders by part, from medians',
    columns: [
      { title: 'contender' },
      { title: 'node' },
      { title: 'hours', isNumber: true },
      ...titles.map(title => ({ title, unit: currency, isNumber: true as const })),
      { title: 'total', unit: currency, isNumber: true },
    ],
    rows: rows.map(({ contender, node, hours, terms, total }) => [
      { text: contender },
      { text: `${node.size}, ${node.architecture}` },
      numberCell(hours),
      ...terms.map(({ cost }) => moneyCell(cost)),
      moneyCell(total),
    ]),
  };
}

function claimTable({ parts }: ClaimTakenApart): Table {
  return {
    kind: 'table',
    id: 'claim',
    caption: 'The claim’s factors beside what is known here',
    columns: [
      { title: 'factor' },
      { title: 'claimed', isNumber: true },
      { title: 'here', isNumber: true },
      { title: 'what here is' },
      { title: 'why' },
    ],
    rows: parts.map(({ title, claimed, here, basis, text }) => [
      { text: title },
      numberCell(claimed),
      numberCell(here),
      { text: basis },
      { text },
    ]),
  };
}

function moneyCell(amount: number) {
  return { text: amount.toFixed(3), value: amount };
}
