import type { CostTable } from '../cost/costs-per-million-orders.js';
import { isTimed } from '../results/result.js';
import type { Report } from './document.js';
import { contenderRuns, type Evidence } from './evidence.js';
import { headlineOf } from './headline.js';
import { paletteOf } from './palette.js';
import { caveatsSection } from './sections/caveats.js';
import { certaintySection } from './sections/certainty.js';
import { claimsSection } from './sections/claims.js';
import { coldSection } from './sections/cold.js';
import { comparisonSection } from './sections/comparison.js';
import { costSection } from './sections/cost.js';
import { cpuSection, memorySection } from './sections/cpu.js';
import { drainSection } from './sections/drain.js';
import { edgeSection } from './sections/edge.js';
import { environmentSection } from './sections/environment.js';
import { historySection } from './sections/history.js';
import { hopsSection } from './sections/hops.js';
import { kubernetesSection } from './sections/kubernetes.js';
import { limitsSection } from './sections/limits.js';
import { pacedSection } from './sections/paced.js';
import { patternsSection } from './sections/patterns.js';
import { othersSection, resultsSection } from './sections/results.js';
import { scaleSection } from './sections/scale.js';
import { soakSection } from './sections/soak.js';
import { standInSection } from './sections/stand-in.js';
import { summaryBlocks } from './sections/summary.js';
import { sweepsSection } from './sections/sweeps.js';

/** Everything that the evidence says, as a document; html.ts writes all of it, markdown.ts its first page. */
export function composeReport(evidence: Evidence, costs: CostTable | null): Report {
  const { bursts, others, references, paced, cold, sweeps, scales } = evidence;
  const edges = evidence.edges.map(({ result }) => result);
  const all = [...bursts.contenders, ...references];
  const elsewhere = contenderRuns([
    ...paced,
    ...cold,
    ...evidence.kubernetes,
    ...[...sweeps, ...scales].flatMap(({ cells }) => cells.flatMap(({ runs }) => runs)),
  ]);
  const palette = paletteOf([...all, ...others.flatMap(({ contenders }) => contenders), ...elsewhere], edges);
  // A soak's latency is told minute by minute; among runs of half a minute it would move their medians.
  const shortPaced = paced.filter(({ result }) => !isTimed(result) || !result.minutes);
  const headline = headlineOf({ bursts, edges, costs });
  const parts = [
    comparisonSection(bursts, palette),
    drainSection(bursts, palette),
    cpuSection(bursts.contenders, palette),
    memorySection(bursts.contenders, palette),
    pacedSection(shortPaced, palette),
    soakSection(paced, palette),
    hopsSection(bursts.contenders, shortPaced, palette),
    coldSection(cold, palette),
    edgeSection(evidence.edges, palette),
    patternsSection(evidence.edges, palette),
    costSection(costs, bursts.contenders, palette),
    sweepsSection(sweeps, palette),
    scaleSection(scales, palette),
    kubernetesSection(evidence.kubernetes, palette),
    claimsSection(evidence),
    limitsSection(all, palette),
    standInSection(bursts, evidence.edges),
    certaintySection(evidence),
    historySection(evidence, palette),
    othersSection(evidence),
    environmentSection(all, palette),
    resultsSection(evidence, palette),
  ].filter(part => part !== null);
  const missing = parts.filter(part => 'missing' in part);
  return {
    title: 'Order distribution: the report',
    headline: headline.finding,
    points: headline.points,
    summary: summaryBlocks(headline, bursts, palette),
    notes: headline.notes,
    sections: [...parts.filter(part => 'blocks' in part), caveatsSection(evidence, missing)],
  };
}
