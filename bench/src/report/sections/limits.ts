import type { RunResult } from '../../results/result.js';
import { cpuMsPerOrder } from '../../results/result.js';
import { percent, plain } from '../../text/format.js';
import { folded, type Missing, paragraph, type Section, type Table } from '../document.js';
import type { ContenderRuns } from '../evidence.js';
import { COUNTED_ROLES, drainOf, medianOf, sourcesOf } from '../figures.js';
import type { Palette } from '../palette.js';
import { numberCell, numbers, shareCell, texts } from '../table.js';

/** From this share of all cores, or of one, on, CPU is what a drain waits for. */
const BUSY = 0.9;

/** What held each contender back, with the floor for its language and the limit of the rig beside it. */
export function limitsSection(groups: readonly ContenderRuns[], palette: Palette): Section | Missing {
  const shown = groups.filter(({ runs }) => medianOf(runs, rateOf, 0) !== null);
  if (shown.length === 0) return { missing: 'what sets the limit: `make bench`' };
  const floor = shown.find(({ role }) => role === 'floor');
  const limit = shown.find(({ role }) => role === 'limit');
  const references = [
    limit
      ? `\`${limit.contender}\` moves the same orders with neither app nor daprd: the most that broker and blob server take.`
      : 'The limit of the rig itself has not been measured with this workload: `make bench CONTENDERS=rig-direct`.',
    floor
      ? `\`${floor.contender}\` does both hops with confirmed writes and nothing else: the floor for its language.`
      : 'The floor has not been measured with this workload: `make bench CONTENDERS=null-ts`.',
  ];
  return {
    id: 'limits',
    title: 'What sets the limit',
    blocks: [
      paragraph(references.join(' ')),
      folded(
        'Each contender against floor and limit, and what held it back',
        limitsTable(shown, { floor, limit }, palette),
        { kind: 'list', items: shown.filter(({ role }) => role !== 'limit').map(limitText) },
      ),
      { kind: 'sources', results: sourcesOf(shown) },
    ],
  };
}

interface References {
  readonly floor: ContenderRuns | undefined;
  readonly limit: ContenderRuns | undefined;
}

function limitsTable(groups: readonly ContenderRuns[], { floor, limit }: References, palette: Palette): Table {
  const [limitRate, floorCpu] = [limit && medianOf(limit.runs, rateOf, 0), floor && medianOf(floor.runs, appCpu)];
  const floorRate = floor && medianOf(floor.runs, rateOf, 0);
  const ratio = (value: number | null, of: number | null | undefined) => (value === null || !of ? null : value / of);
  return {
    kind: 'table',
    id: 'limits-table',
    caption: 'Each contender against the floor and the limit (medians)',
    columns: [
      texts('contender'),
      numbers('steady rate', 'orders/s'),
      numbers('of the rig’s limit'),
      numbers('of the floor’s rate'),
      numbers('app CPU per order', 'ms'),
      numbers('times the floor’s CPU'),
    ],
    rows: groups.map(({ contender, runs }) => {
      const [rate, cpu] = [medianOf(runs, rateOf, 0), medianOf(runs, appCpu)];
      return [
        { text: palette.label(contender) },
        numberCell(rate),
        shareCell(ratio(rate, limitRate)),
        shareCell(ratio(rate, floorRate)),
        numberCell(cpu),
        numberCell(ratio(cpu, floorCpu)),
      ];
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
  const who = share === null ? '' : ` ${percent(share)} of all CPU went to the app.`;
  const held = throttled > 0 ? ` The CPU limit held the run back for ${plain(throttled)} ms.` : '';
  const filled = (complete[0]?.processes ?? [])
    .map(({ name }) => ({ name, cores: medianOf(runs, result => coresOf(result, name)) ?? 0 }))
    .toSorted((a, b) => b.cores - a.cores)[0];
  if (busy === null) return `\`${contender}\`: this system does not tell how busy its cores were.${who}${held}`;
  if (busy >= BUSY)
    return `\`${contender}\` was limited by CPU: the ${cores} cores were ${percent(busy)} busy.${who}${held}`;
  if (filled && filled.cores >= BUSY)
    return `\`${contender}\` was limited by one process: ${filled.name} filled ${plain(filled.cores)} cores while all ${cores} were ${percent(busy)} busy.${who}${held}`;
  return `\`${contender}\` waited more than it computed: the ${cores} cores were ${percent(busy)} busy, and no process filled one.${who}${held}`;
}

function coresOf(result: RunResult, name: string): number | null {
  const drain = drainOf(result);
  const process = result.processes.find(one => one.name === name);
  return drain && process ? process.cpuMs / drain.t100Ms : null;
}

function shareOfApp(result: RunResult): number {
  const all = COUNTED_ROLES.reduce((sum, role) => sum + cpuMsPerOrder(result, role), 0);
  return cpuMsPerOrder(result, 'app') / all;
}

function rateOf(result: RunResult): number | undefined {
  return drainOf(result)?.steadyOrdersPerSecond;
}

function appCpu(result: RunResult): number {
  return cpuMsPerOrder(result, 'app');
}
