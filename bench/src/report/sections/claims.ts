import { baseNameOf, STAND_IN } from '../../contenders/runtime.js';
import type { Comparison, PairFigures } from '../../judge/comparison.js';
import { median } from '../../judge/median.js';
import { PRIMARY_METRIC } from '../../judge/metrics.js';
import { inverse, type Ratio } from '../../judge/paired-ratio.js';
import { MOST_PAIRS, rankCorrelation } from '../../judge/rank-correlation.js';
import { ALPHA } from '../../judge/verdict.js';
import type { ColdStartResult, K6Result } from '../../results/k6-result.js';
import { paragraph, type Section } from '../document.js';
import type { Bursts, Compared, Evidence } from '../evidence.js';
import { measuredTogether } from '../measured-together.js';
import { ratioText, timesText } from '../ratio-text.js';
import { texts } from '../table.js';

/** The section with what was published, whose table the README has too. */
export const CLAIMS = 'claims';

/** What the comparison that this one repeats observed of Spin, each observation held against what is stored here. */
export function claimsSection(evidence: Stored): Section {
  const rows = OBSERVATIONS.map(({ said, judge }) => ({ said, ...judge(evidence) }));
  return {
    id: CLAIMS,
    title: 'Four published observations',
    blocks: [
      paragraph('Each is judged by what is stored here and by nothing else; what ran on the stand-in judges none.'),
      {
        kind: 'table',
        id: 'claims-table',
        caption: 'Four observations of the published comparison that this one repeats, and what follows here',
        columns: [texts('observation'), texts('figure'), texts('verdict')],
        rows: rows.map(({ said, figure, verdict, because }) => [
          { text: said },
          { text: figure ?? '–' },
          { text: verdict, detail: because },
        ]),
      },
    ],
  };
}

/** Of the evidence what the observations are about. */
export interface Stored extends Pick<Evidence, 'edges'> {
  readonly bursts: Drains;
  readonly others: readonly Drains[];
}

interface Drains extends Pick<Bursts, 'contenders'> {
  readonly compared: Pick<Compared, 'comparison'> | null;
}

interface Judged {
  /** Null where nothing is stored that has it. */
  readonly figure: string | null;
  readonly verdict: 'holds' | 'does not hold' | 'not decided';
  /** What the verdict rests on, or what would decide. */
  readonly because: string;
}

interface Claim {
  readonly said: string;
  readonly judge: (stored: Stored) => Judged;
}

/** Two are comparable whose ratio lies within a tenth, with its whole interval. */
const COMPARABLE = 1.1;

const OBSERVATIONS: readonly Claim[] = [
  { said: 'Packing size impacts scaling', judge: ({ edges }) => judgeSize(edges.map(({ result }) => result)) },
  {
    said: 'Spin in Rust against warp in Rust is noticeably better',
    judge: stored => judgePair(stored, 'spin-rust', 'warp-rust', better),
  },
  {
    said: 'With warp linked statically they are comparable',
    judge: stored => judgePair(stored, 'spin-rust', 'warp-rust-static', comparable),
  },
  {
    said: 'Languages that bring a heavy runtime cannot yet exploit it',
    judge: stored => judgePair(stored, 'spin-ts', 'express-ts', worse),
  },
];

/** What the time to drain of two contenders says, where their comparison says anything. */
type Rule = (pair: Found) => Judged['verdict'];

const better: Rule = ({ verdict }) => IF_BETTER[verdict];
const worse: Rule = ({ verdict }) => IF_BETTER[OPPOSITE[verdict]];

const IF_BETTER = { better: 'holds', worse: 'does not hold', '~': 'not decided' } as const;
const OPPOSITE = { better: 'worse', worse: 'better', '~': '~' } as const;

const comparable: Rule = ({ ratio, verdict }) => {
  if (ratio.low >= 1 / COMPARABLE && ratio.high <= COMPARABLE) return 'holds';
  return verdict === '~' ? 'not decided' : 'does not hold';
};

/** The time to drain of one contender over another's. */
interface Found extends Pick<PairFigures, 'verdict' | 'smallestDetectableRatio' | 'blocks'> {
  readonly ratio: Ratio;
  readonly id: string;
  /** Why nothing may be said of speed, where that is so. */
  readonly noClaim: string | null;
}

function judgePair({ bursts, others }: Stored, first: string, second: string, rule: Rule): Judged {
  const pair = [bursts, ...others].flatMap(one => pairIn(one, first, second) ?? [])[0];
  if (!pair) {
    const because = `Not measured: \`make compare CONTENDERS="${first} ${second}"\`, with Spin.`;
    return { figure: null, verdict: 'not decided', because };
  }
  const { ratio, blocks, id, noClaim, smallestDetectableRatio } = pair;
  const figure = `time to drain of ${first} over that of ${second}: ${ratioText(ratio)}`;
  if (noClaim !== null) return { figure, verdict: 'not decided', because: `${noClaim} (${id})` };
  const seen =
    smallestDetectableRatio === null
      ? `${blocks} blocks could have seen none`
      : `a difference of ${timesText(smallestDetectableRatio)} would have been seen`;
  const verdict = rule(pair);
  return { figure, verdict, because: verdict === 'not decided' ? `${seen} (${id})` : `${blocks} blocks (${id})` };
}

/** Undefined where a comparison holds no run of both. */
function pairIn({ contenders, compared }: Drains, first: string, second: string): Found | undefined {
  if (!compared) return undefined;
  const named = (base: string) =>
    contenders
      .filter(({ runs }) => runs.some(({ result }) => result.runtime.kind !== STAND_IN && baseNameOf(result) === base))
      .map(({ contender }) => contender);
  const [firsts, seconds] = [named(first), named(second)];
  for (const pair of compared.comparison.pairs.filter(({ metric }) => metric === PRIMARY_METRIC.key)) {
    if (firsts.includes(pair.a) && seconds.includes(pair.b)) return found(pair, compared.comparison);
    if (firsts.includes(pair.b) && seconds.includes(pair.a)) return found(turned(pair), compared.comparison);
  }
  return undefined;
}

function found(pair: PairFigures, { id, noClaim, speedBound }: Comparison): Found {
  return { ...pair, id, noClaim: noClaim ?? speedBound };
}

function turned(pair: PairFigures): PairFigures {
  return { ...pair, ratio: inverse(pair.ratio), verdict: OPPOSITE[pair.verdict] };
}

/** Whether starts take longer the larger the artifact is, over the contenders of the largest series of starts. */
function judgeSize(results: readonly K6Result[]): Judged {
  const pairs = sizesAndStarts(results);
  if (pairs.length < 2) {
    const because = 'Not measured: starts and sizes of five contenders or more alone under k6, with Spin.';
    return { figure: null, verdict: 'not decided', because };
  }
  const { correlation, pValue, smallestDecided } = rankCorrelation(pairs);
  const figure = `rank correlation of artifact size and start to first answer, ${pairs.length} contenders: ${correlation.toFixed(2)}`;
  const isDecided = pValue <= ALPHA;
  if (isDecided)
    return { figure, verdict: correlation > 0 ? 'holds' : 'does not hold', because: `p ${pValue.toPrecision(2)}` };
  const seen =
    smallestDecided === null
      ? 'so few contenders could have decided none'
      : `${pairs.length} contenders decide from ${smallestDecided.toFixed(2)} on`;
  return { figure, verdict: 'not decided', because: `p ${pValue.toPrecision(2)}; ${seen}` };
}

function sizesAndStarts(results: readonly K6Result[]): [sizeBytes: number, startMs: number][] {
  const sound = results
    .filter(({ status, runtime, role }) => status === 'complete' && runtime.kind !== STAND_IN && role === 'distributor')
    .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
  const sizes = new Map(
    sound.flatMap(result =>
      result.kind === 'density' ? [[result.contender, result.artifact.artifactBytes] as const] : [],
    ),
  );
  const pairsOf = (series: readonly ColdStartResult[]) => {
    const pairs = new Map<string, [sizeBytes: number, startMs: number]>();
    for (const { contender, variants } of series) {
      const sizeBytes = sizes.get(contender);
      const usual = variants.find(({ compiledCache }) => compiledCache !== 'none');
      if (usual && sizeBytes !== undefined) pairs.set(contender, [sizeBytes, median(usual.startsMs)]);
    }
    return [...pairs.values()];
  };
  const starts = measuredTogether(sound.filter(result => result.kind === 'cold-start'));
  // Of several series with as many the newest.
  const [most = []] = starts.map(pairsOf).toSorted((a, b) => b.length - a.length);
  return most.slice(-MOST_PAIRS);
}
