/**
 * Reads Terraform's plan (`terraform show -json`): which nodes it adds, where, and what an hour of it costs.
 *
 *   node plan.mjs nodes <plan.json>                  one line a VM size: size, nodes added
 *   node plan.mjs placement <plan.json>              location, zone (or -) and Kubernetes version, one line
 *   node plan.mjs cost <plan.json> <prices.json>     a table; a price that is not in the file is never guessed
 *
 * The prices are those that `make prices` writes (`bench schema prices`). It knows node sizes and Service Bus
 * units; what else is paid by the hour is listed without a price.
 */
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const cluster = 'azurerm_kubernetes_cluster';
const nodePool = 'azurerm_kubernetes_cluster_node_pool';

/** Nodes that the plan adds, by VM size: a pool that grows counts with its growth, one that is replaced as a whole. */
export function addedNodes(plan) {
  const added = new Map();
  for (const { type, change } of plan.resource_changes ?? []) {
    if (type !== cluster && type !== nodePool) continue;
    const after = pool(type, change.after);
    if (after === undefined) continue;
    const before = change.actions.includes('delete') ? undefined : pool(type, change.before);
    const kept = before !== undefined && before.vm_size === after.vm_size ? before.node_count : 0;
    const nodes = after.node_count - kept;
    if (nodes > 0) added.set(after.vm_size, (added.get(after.vm_size) ?? 0) + nodes);
  }
  return added;
}

/** Where the plan puts the cluster: region, zone (undefined without one) and Kubernetes version. */
export function placement(plan) {
  const planned = (plan.resource_changes ?? []).find(({ type, change }) => type === cluster && change.after);
  if (planned === undefined) {
    throw new Error(`the plan has no ${cluster}: was it made by \`terraform show -json\` in deploy/infra?`);
  }
  const { location, kubernetes_version, default_node_pool } = planned.change.after;
  return { location, kubernetesVersion: kubernetes_version, zone: default_node_pool[0].zones?.[0] };
}

/**
 * What is paid by the hour: rows of the output `hourly_items` with their price, and their sum. A row that has no price in
 * `prices` has `costPerHour` undefined and is left out of the sum, which then is `complete: false`.
 */
export function hourlyCost(plan, prices) {
  const items = plan.planned_values?.outputs?.hourly_items?.value;
  if (!Array.isArray(items)) {
    throw new Error('the plan has no output hourly_items: was it made by `terraform show -json` in deploy/infra?');
  }
  const rows = items.map(({ item, sku, count }) => {
    const price = pricePerHour(prices, sku);
    return { item, sku, count, costPerHour: typeof price === 'number' ? price * count : undefined };
  });
  const priced = rows.filter(row => row.costPerHour !== undefined);
  return {
    rows,
    sumPerHour: priced.reduce((sum, row) => sum + row.costPerHour, 0),
    complete: priced.length === rows.length,
  };
}

/** The table of `hourlyCost` as text, with where the prices are from, or how to get them. */
export function costText(plan, prices) {
  const { rows, sumPerHour, complete } = hourlyCost(plan, prices);
  const currency = prices?.currency ?? '';
  const lines = rows.map(({ item, sku, count, costPerHour }) => {
    const cost = costPerHour === undefined ? 'no price' : `${costPerHour.toFixed(3)} ${currency}/h`;
    return `  ${item.padEnd(28)} ${String(count).padStart(3)} x ${sku.padEnd(32)} ${cost}`;
  });
  if (prices === undefined) {
    lines.push(
      'No prices here, so no sum. `make prices REGION=<region>` reads them; or name a file by PRICES. None is invented.',
    );
    return lines.join('\n');
  }
  const { location } = placement(plan);
  lines.push(
    `  ${complete ? 'sum' : 'at least'}: ${sumPerHour.toFixed(3)} ${currency} an hour, and messages, blob operations and traffic`,
  );
  lines.push(`  prices of ${prices.serviceBusUnitHour.asOf} for ${prices.region}`);
  if (prices.region !== location) lines.push(`  warning: the plan is for ${location}, whose prices differ`);
  return lines.join('\n');
}

/** What one of a sku costs an hour; undefined without prices, and for what `make prices` does not read. */
function pricePerHour(prices, sku) {
  if (sku === 'ServiceBusPremiumMessagingUnit') return prices?.serviceBusUnitHour.amount;
  return prices?.nodes.find(({ size }) => size === sku)?.hour.amount;
}

/** Node count and VM size of a cluster's default pool or of a node pool; undefined where there is none. */
function pool(type, resource) {
  if (resource === null || resource === undefined) return undefined;
  return type === cluster ? resource.default_node_pool[0] : resource;
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file} can't be read as JSON`, { cause });
  }
}

function run([command, planFile, pricesFile]) {
  const plan = planFile === undefined ? undefined : read(planFile);
  if (command === 'nodes' && plan) return [...addedNodes(plan)].map(([size, count]) => `${size}\t${count}`).join('\n');
  if (command === 'placement' && plan) {
    const { location, zone, kubernetesVersion } = placement(plan);
    return [location, zone ?? '-', kubernetesVersion].join('\t');
  }
  if (command === 'cost' && plan) {
    return costText(plan, pricesFile !== undefined && existsSync(pricesFile) ? read(pricesFile) : undefined);
  }
  throw new Error('use: node plan.mjs nodes|placement|cost <plan.json> [<prices.json>]');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    const text = run(process.argv.slice(2));
    if (text !== '') console.log(text);
  } catch (error) {
    console.error(`error: ${error.message}`);
    process.exitCode = 2;
  }
}
