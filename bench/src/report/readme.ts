import { UsageError } from '../text/usage-error.js';
import { edgeFindings } from './edge-finding.js';
import type { Evidence } from './evidence.js';
import { sourcesOf } from './figures.js';
import { headlineOf } from './headline.js';
import { sourcesMarkdown, tableMarkdown } from './markdown.js';
import { changingSpeed, figuresTable } from './sections/comparison.js';
import { standInTable } from './sections/stand-in.js';

/** The README's generated parts, by the name of their markers; the headline names the results for charts and tables too. */
const PARTS = { headline, table, edge } as const;

/**
 * A README with the text between `<!-- headline:begin -->` and `<!-- headline:end -->`, and the same for `table` and `edge`,
 * made anew from results; what it names as results is linked below `folder`.
 *
 * @throws UsageError for a README without the markers.
 */
export function withGeneratedParts(readme: string, evidence: Told, folder: string): string {
  return Object.entries(PARTS).reduce((text, [name, make]) => {
    const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) {
      throw new UsageError(`README.md has no ${begin} followed by ${end}: put both where the ${name} belongs`);
    }
    return `${text.slice(0, from + begin.length)}\n${make(evidence, folder)}\n${text.slice(to)}`;
  }, readme);
}

type Told = Pick<Evidence, 'bursts' | 'edges'>;

function headline({ bursts }: Told, folder: string): string {
  const { finding, notes } = headlineOf(bursts);
  const results = sourcesOf(bursts.contenders);
  const sources = results.length > 0 ? [sourcesMarkdown({ kind: 'sources', results }, `${folder}/`)] : [];
  return [`**${finding}**`, ...notes, ...sources].join('\n\n');
}

/** Charts and figures of every contender, and how far the stand-in is from Spin. */
function table({ bursts }: Told, folder: string): string {
  if (!bursts.contenders.some(({ runs }) => runs.length > 0)) return 'No burst is stored yet.';
  const changing = changingSpeed(bursts);
  const standIn = standInTable(bursts);
  return [
    `![Orders written over time, every run, the medians drawn strong](${folder}/charts/drain.svg)`,
    `![CPU an order by role: app, Dapr, rig](${folder}/charts/cpu-by-role.svg)`,
    tableMarkdown(figuresTable(bursts)),
    ...(changing === null ? [] : [changing]),
    ...(standIn ? [tableMarkdown(standIn)] : []),
  ].join('\n\n');
}

function edge({ edges }: Told, folder: string): string {
  const findings = edgeFindings(edges);
  if (findings.length === 0) return 'No breakpoints are stored yet.';
  return findings
    .map(({ text, results }) => {
      const ids = new Set(results.map(({ id }) => id));
      const own = edges.filter(({ result }) => ids.has(result.id));
      const sources = own.map(({ file, result: { id, contender } }) => ({ id, contender, file }));
      return `${text}\n\n${sourcesMarkdown({ kind: 'sources', results: sources }, `${folder}/`)}`;
    })
    .join('\n\n');
}
