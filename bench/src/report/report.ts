import type { CostTable } from '../cost/costs-per-million-orders.js';
import type { Report } from './document.js';
import { contenderRuns, type Evidence } from './evidence.js';
import { headlineOf } from './headline.js';
import { paletteOf } from './palette.js';
import { caveatsSection } from './sections/caveats.js';
import { certaintySection } from './sections/certainty.js';
import { coldSection } from './sections/cold.js';
import { comparisonSection } from './sections/comparison.js';
import { costSection } from './sections/cost.js';
import { cpuSection, memorySection } from './sections/cpu.js';
import { drainSection } from './sections/drain.js';
import { edgeSection } from './sections/edge.js';
import { environmentSection } from './sections/environment.js';
import { hopsSection } from './sections/hops.js';
import { limitsSection } from './sections/limits.js';
import { pacedSection } from './sections/paced.js';
import { othersSection, resultsSection } from './sections/results.js';
import { soakSection } from './sections/soak.js';
import { standInSection } from './sections/stand-in.js';
import { sweepsSection } from './sections/sweeps.js';

/** Everything that the evidence says, as a document; html.ts and markdown.ts write it. */
export function composeReport(evidence: Evidence, costs: CostTable | null): Report {
  const { bursts, references, paced, cold, sweeps } = evidence;
  const { finding, notes } = headlineOf(bursts);
  const all = [...bursts.contenders, ...references];
  const elsewhere = contenderRuns([...paced, ...sweeps.flatMap(({ cells }) => cells.flatMap(({ runs }) => runs))]);
  const palette = paletteOf([...all, ...elsewhere]);
  const others = othersSection(evidence);
  const standIn = standInSection(bursts, evidence.edges);
  const soak = soakSection(paced, palette);
  // A soak's latency is told minute by minute; among runs of half a minute it would move their medians.
  const shortPaced = paced.filter(({ result }) => result.status === 'incomplete' || !result.minutes);
  return {
    title: 'Order distribution: the report',
    headline: finding,
    notes,
    sections: [
      comparisonSection(bursts, palette),
      ...(standIn ? [standIn] : []),
      drainSection(bursts, palette),
      cpuSection(bursts.contenders, palette),
      pacedSection(shortPaced, palette),
      ...(soak ? [soak] : []),
      hopsSection(bursts.contenders, shortPaced, palette),
      memorySection(bursts.contenders, palette),
      coldSection(cold),
      edgeSection(evidence.edges, palette),
      sweepsSection(sweeps, palette),
      limitsSection(all),
      costSection(costs, bursts.contenders),
      certaintySection(evidence),
      ...(others ? [others] : []),
      caveatsSection(evidence),
      environmentSection(all),
      resultsSection(evidence),
    ],
  };
}
