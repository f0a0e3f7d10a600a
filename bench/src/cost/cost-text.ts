import { textTable } from '../text/text-table.js';
import type { CostTable } from './costs-per-million-orders.js';
import type { Price, Prices } from './prices.js';

/** A table of costs for a terminal: a row a contender, below it every term with its numbers, and what is missing. */
export function costText({ rows, leftOut, ...table }: CostTable): string {
  const share = Math.round(table.shareOfSteadyRate * 100);
  const lines = [`1,000,000 orders at ${share} % of the steady rate: cost in ${table.currency}, ${table.region}`];
  if (table.example) lines.push('EXAMPLE PRICES, not today’s: make prices reads those of your region');
  if (rows.length > 0) {
    const totals = rows.map(({ contender, measured, node, hours, terms, total }) => [
      contender,
      measured.architecture,
      node.size,
      String(measured.resultIds.length),
      measured.steadyOrdersPerSecond.toFixed(0),
      hours.toFixed(2),
      ...terms.map(({ cost }) => cost.toFixed(3)),
      total.toFixed(3),
    ]);
    const titles = rows[0]?.terms.map(({ title }) => title) ?? [];
    lines.push(
      '',
      textTable([['contender', 'arch', 'node', 'runs', 'steady/s', 'hours', ...titles, 'total'], ...totals]),
    );
    const terms = rows.flatMap(({ contender, terms }) =>
      terms.map(({ title, quantity, unit, price, cost, formula }) => [
        contender,
        title,
        formula,
        `= ${quantity.toPrecision(4)} ${unit}`,
        `x ${price}`,
        `= ${cost.toFixed(3)}`,
      ]),
    );
    lines.push('', textTable([['contender', 'term', 'quantity', '', 'price', 'cost'], ...terms]), '');
    lines.push(...rows.map(({ contender, measured }) => `${contender}: results ${measured.resultIds.join(', ')}`));
  }
  lines.push(...leftOut.map(({ contender, reason }) => `${contender}: no cost, ${reason}`));
  return lines.join('\n');
}

/** Where each price is from. */
export function sourcesText({ nodes, serviceBusUnitHour, blobWrites10k, currency, note }: Prices): string {
  const line = (what: string, { amount, product, meter, asOf, source }: Price) =>
    `  ${what}: ${amount} ${currency} (${product}, ${meter}; as of ${asOf}) ${source}`;
  return [
    'Prices:',
    ...nodes.map(({ size, architecture, vcpus, hour }) => line(`${size}, ${architecture}, ${vcpus} vCPUs, 1 h`, hour)),
    line('Service Bus Premium, 1 unit, 1 h', serviceBusUnitHour),
    line('10,000 blob writes', blobWrites10k),
    ...(note ? [`  ${note}`] : []),
  ].join('\n');
}
