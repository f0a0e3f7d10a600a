import type { RunResult } from '../../results/result.js';
import { cpuMsPerOrder } from '../../results/result.js';
import { percent, plain } from '../../text/format.js';
import { type Block, paragraph, type Section, type Table } from '../document.js';
import type { ContenderRuns } from '../evidence.js';
import { drainOf, medianOf, numberCell, sourcesOf } from '../figures.js';

/** From this share of all cores, or of one, on, CPU is what a drain waits for. */
const SATURATED = 0.9;

/** What held each contender back, with the floor for its language and the limit of the rig beside it. */
export function limitsSection(groups: readonly ContenderRuns[]): Section {
  const shown = groups.filter(({ runs }) => medianOf(runs, rateOf, 0) !== null);
  const title = 'What sets the limit';
  if (shown.length === 0) return { id: 'limits', title, blocks: [paragraph('There are no complete bursts yet.')] };
  const floor = shown.find(({ role }) => role === 'floor');
  const limit = shown.find(({ role }) => role === 'limit');
  const blocks: Block[] = [limitsTable(shown, { floor, limit })];
  blocks.push(
    paragraph(
      limit
        ? `\`${limit.contender}\` moves the same orders with neither app nor daprd: what broker and blob server can bear.`
        : 'The limit of the rig itself has not been measured with this workload: `make bench CONTENDERS=rig-direct`.',
    ),
    paragraph(
      floor
        ? `\`${floor.contender}\` does both hops with confirmed writes and nothing else: the floor for its language.`
        : 'The floor has not been measured with this workload: `make bench CONTENDERS=null-ts`.',
    ),
    { kind: 'list', items: shown.filter(({ role }) => role !== 'limit').map(limitText) },
    { kind: 'sources', results: sourcesOf(shown) },
  );
  return { id: 'limits', title, blocks };
}

interface References {
  readonly floor: ContenderRuns | undefined;
  readonly limit: ContenderRuns | undefined;
}

function limitsTable(groups: readonly ContenderRuns[], { floor, limit }: References): Table {
  const [limitRate, floorCpu] = [limit && medianOf(limit.runs, rateOf, 0), floor && medianOf(floor.runs, appCpu)];
  const floorRate = floor && medianOf(floor.runs, rateOf, 0);
  const ratio = (value: number | null, of: number | null | undefined) => (value === null || !of ? null : value / of);
  return {
    kind: 'table',
    id: 'limits-table',
    caption: 'Each contender against the floor and the limit (medians)',
    columns: [
      { title: 'contender' },
      { title: 'steady rate', unit: 'orders/s', isNumber: true },
      { title: 'of the rig’s limit', isNumber: true },
      { title: 'of the floor’s rate', isNumber: true },
      { title: 'app CPU', unit: 'ms', isNumber: true },
      { title: 'times the floor’s CPU', isNumber: true },
    ],
    rows: groups.map(({ contender, runs }) => {
      const [rate, cpu] = [medianOf(runs, rateOf, 0), medianOf(runs, appCpu)];
      const shares = [ratio(rate, limitRate), ratio(rate, floorRate)].map(share =>
        share === null ? { text: '–', value: null } : { text: percent(share), value: share },
      );
      return [{ text: contender }, numberCell(rate), ...shares, numberCell(cpu), numberCell(ratio(cpu, floorCpu))];
    }),
  };
}

/** All cores busy, else one process that fills a core, else waiting. */
function limitText({ contender, runs }: ContenderRuns): string {
  const busy = medianOf(runs, ({ machine }) => machine.busyShare);
  const throttled = medianOf(runs, ({ machine }) => machine.throttledMs) ?? 0;
  const complete = runs.map(({ result }) => result).filter(result => drainOf(result));
  const cores = complete[0]?.environment.cores ?? 0;
  const share = medianOf(runs, result => shareOfApp(result));
  const who = share === null ? '' : ` ${percent(share)} of the run’s CPU went to the app.`;
  const held = throttled > 0 ? ` The CPU limit held the run back for ${plain(throttled)} ms.` : '';
  const filled = (complete[0]?.processes ?? [])
    .map(({ name }) => ({ name, cores: medianOf(runs, result => coresOf(result, name)) ?? 0 }))
    .toSorted((a, b) => b.cores - a.cores)[0];
  if (busy === null) return `\`${contender}\`: this system does not tell how busy its cores were.${who}${held}`;
  if (busy >= SATURATED)
    return `\`${contender}\` was limited by CPU: the ${cores} cores were ${percent(busy)} busy.${who}${held}`;
  if (filled && filled.cores >= SATURATED)
    return `\`${contender}\` was limited by one process: ${filled.name} filled ${plain(filled.cores)} cores while all ${cores} were ${percent(busy)} busy.${who}${held}`;
  return `\`${contender}\` waited more than it computed: the ${cores} cores were ${percent(busy)} busy, and no process filled one.${who}${held}`;
}

function coresOf(result: RunResult, name: string): number | null {
  const drain = drainOf(result);
  const process = result.processes.find(one => one.name === name);
  return drain && process ? process.cpuMs / drain.t100Ms : null;
}

function shareOfApp({ processes }: RunResult): number {
  const sum = (role?: string) =>
    processes.filter(process => role === undefined || process.role === role).reduce((all, { cpuMs }) => all + cpuMs, 0);
  return sum('app') / sum();
}

function rateOf(result: RunResult): number | undefined {
  return drainOf(result)?.steadyOrdersPerSecond;
}

function appCpu(result: RunResult): number {
  return cpuMsPerOrder(result, 'app');
}
