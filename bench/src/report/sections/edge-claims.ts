import { STAND_IN } from '../../contenders/runtime.js';
import { median } from '../../judge/median.js';
import type { ColdStartResult, DensityResult } from '../../results/k6-result.js';
import { plain } from '../../text/format.js';
import type { Block, Cell } from '../document.js';

/** What is often said of WebAssembly on a server, as a number that a measurement can be held against. */
const CLAIMS = { instantiationMs: 0.5, packageMegabytes: 10, densityTimes: 50 } as const;

/** Each claim with the figures of the contenders on Spin or its stand-in, as they are named; none without such a figure. */
export function claimBlocks(starts: readonly ColdStartResult[], densities: readonly DensityResult[]): Block[] {
  const node = densities.filter(({ runtime }) => runtime.kind === 'node');
  const spin = densities.filter(({ runtime }) => runtime.kind === 'spin' || runtime.kind === STAND_IN);
  const rows = [
    ...starts.filter(({ instances }) => instances).map(instantiationRow),
    ...spin.flatMap(own => [packageRow(own), ...node.map(other => densityRow(own, other))]),
  ];
  if (rows.length === 0) return [];
  return [
    {
      kind: 'table',
      id: 'edge-claims',
      caption: 'What is often said of WebAssembly, held against these figures',
      columns: [
        { title: 'said' },
        { title: 'contender' },
        { title: 'measured', isNumber: true },
        { title: 'it holds' },
        { title: 'and what the figure leaves out' },
      ],
      rows,
    },
  ];
}

function instantiationRow({ contender, instances, variants }: ColdStartResult): Cell[] {
  const madeMs = instances?.madeP50Ms ?? Number.NaN;
  const starts = variants.find(({ compiledCache }) => compiledCache === 'kept')?.startsMs ?? [];
  return [
    { text: `an instance is there in ${CLAIMS.instantiationMs} ms` },
    { text: contender },
    figure(madeMs, 'ms'),
    verdict(madeMs <= CLAIMS.instantiationMs),
    {
      text:
        `that is one more instance in a host that runs (99 % of them within ${plain(instances?.madeP99Ms ?? 0)} ms); ` +
        `${starts.length > 0 ? `the host itself answers its first order ${plain(median(starts))} ms after its start; ` : ''}` +
        `what the guest then touches is mapped and run within the request`,
    },
  ];
}

function packageRow({ contender, artifact }: DensityResult): Cell[] {
  const megabytes = artifact.artifactBytes / 1e6;
  return [
    { text: `a package has ${CLAIMS.packageMegabytes} MB` },
    { text: contender },
    figure(megabytes, 'MB'),
    verdict(megabytes <= CLAIMS.packageMegabytes),
    { text: `one role's component; the host has ${plain(artifact.runtimeBytes / 1e6)} MB, once a node` },
  ];
}

function densityRow(own: DensityResult, other: DensityResult): Cell[] {
  const [mine, theirs] = [own, other].map(densest);
  const times = mine && theirs ? mine.instancesPerGibibyte / theirs.instancesPerGibibyte : null;
  return [
    { text: `${CLAIMS.densityTimes} times as many instances as of ${other.contender}` },
    { text: own.contender },
    times === null ? { text: '–' } : figure(times, 'times'),
    verdict(times !== null && times >= CLAIMS.densityTimes),
    {
      text:
        mine && theirs
          ? `${plain(mine.instancesPerGibibyte)} a GiB against ${plain(theirs.instancesPerGibibyte)}, ` +
            `at ${mine.instances} and ${theirs.instances} side by side under load; at rest ` +
            `${plain(theirs.restBytes / theirs.instances / (mine.restBytes / mine.instances))} times`
          : `the p99 that a rate needs to be held is missed at every number of instances; by memory alone ${plain(memoryTimes(own, other))} times under load`,
    },
  ];
}

/** The point with the most instances at which the rate was held. */
function densest({ points }: DensityResult): DensityResult['points'][number] | undefined {
  return points.filter(({ isHeld }) => isHeld).toSorted((a, b) => b.instances - a.instances)[0];
}

/** How many times as many instances fit, whatever their latency, with as many side by side as were measured. */
function memoryTimes(own: DensityResult, other: DensityResult): number {
  const [mine = 0, theirs = 0] = [own, other].map(({ points }) => points.at(-1)?.instancesPerGibibyte);
  return mine / theirs;
}

function figure(value: number, unit: string): Cell {
  return { text: `${plain(value)} ${unit}`, value };
}

function verdict(holds: boolean): Cell {
  return { text: holds ? 'yes' : 'no' };
}
