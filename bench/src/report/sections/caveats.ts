import type { Target } from '../../results/result.js';
import { type Missing, paragraph, type Section } from '../document.js';
import type { Evidence } from '../evidence.js';
import { missingSpin } from '../headline.js';
import { CAVEATS } from '../markdown.js';

const ON_ONE_MACHINE =
  'Nothing here was run on Azure. Broker, blob server, daprd and apps share one machine’s cores, so the drain measures the whole pipeline on that machine; a contender’s own cost is its app CPU per order.';
const ON_KUBERNETES =
  'One node, no benchmark of AKS: broker and blob server stand in for Azure inside the cluster, and share its cores with what is measured.';
const ON_AZURE =
  'Run on Azure: Service Bus, storage and network are shared with others and vary by the hour, which is why contenders take turns in blocks; redeliveries and second writes are not counted there.';

const PLACES: Readonly<Record<Target, string>> = {
  local: ON_ONE_MACHINE,
  kubernetes: ON_KUBERNETES,
  azure: ON_AZURE,
};

/** What the numbers do not show: what holds for every report, what this evidence lacks, and what was never measured. */
export function caveatsSection({ bursts, sweeps }: Evidence, missing: readonly Missing[]): Section {
  const runs = bursts.contenders.flatMap(group => group.runs.map(({ result }) => result));
  const commits = new Set(runs.map(({ environment }) => environment.gitCommit));
  const standIn = missingSpin(runs);
  const noLatency = runs.some(({ settings }) => settings.latency?.name === 'none');
  const items = [
    PLACES[runs[0]?.target ?? 'local'],
    ...(standIn ? [`${standIn} A figure for Spin needs \`spin\` on the PATH.`] : []),
    ...(noLatency
      ? [
          'The stand-ins answer in well under a millisecond, Azure does not: where they wait, CPU decides less and handlers decide more (`--latency azure-like`).',
        ]
      : []),
    'One machine, one architecture, one size and shape of orders: another may turn a close result round.',
    'A decided difference is not a large one: read the ratio and its interval, not the verdict.',
    'Peak memory is a sum of peaks that need not coincide.',
    ...(commits.size > 1 ? [`The runs are from ${commits.size} commits.`] : []),
    ...([...commits].some(commit => commit.endsWith('-dirty')) ? ['Some runs are from a checkout with changes.'] : []),
    ...(bursts.compared || runs.length === 0
      ? []
      : ['These are single runs: a difference of a few percent between them is noise.']),
    ...(sweeps.length === 0 ? ['No settings were searched: a contender may have better ones.'] : []),
  ];
  return {
    id: CAVEATS,
    title: 'What the numbers do not show',
    blocks: [
      { kind: 'list', items },
      ...(missing.length > 0
        ? [paragraph('Not measured yet:'), { kind: 'list', items: missing.map(one => `${one.missing}.`) } as const]
        : []),
    ],
  };
}
