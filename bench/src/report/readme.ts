import { UsageError } from '../usage-error.js';
import type { Bursts } from './evidence.js';
import { sourcesOf } from './figures.js';
import { headlineOf } from './headline.js';
import { sourcesMarkdown, tableMarkdown } from './markdown.js';
import { figuresTable } from './sections/comparison.js';

/** The README's generated parts, by the name of their markers; the first names the results for both. */
const PARTS = { headline, table } as const;

/**
 * A README with the text between `<!-- headline:begin -->` and `<!-- headline:end -->`, and the same for `table`, made
 * anew from results; what it names as results is linked below `folder`.
 *
 * @throws UsageError for a README without the markers.
 */
export function withGeneratedParts(readme: string, bursts: Bursts, folder: string): string {
  return Object.entries(PARTS).reduce((text, [name, make]) => {
    const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) {
      throw new UsageError(`README.md has no ${begin} followed by ${end}: put both where the ${name} belongs`);
    }
    return `${text.slice(0, from + begin.length)}\n${make(bursts, folder)}\n${text.slice(to)}`;
  }, readme);
}

function headline(bursts: Bursts, folder: string): string {
  const { finding, notes } = headlineOf(bursts);
  const sources = sourcesMarkdown({ kind: 'sources', results: sourcesOf(bursts.contenders) }, `${folder}/`);
  return [`**${finding}**`, ...notes, sources].join('\n\n');
}

function table(bursts: Bursts): string {
  return tableMarkdown(figuresTable(bursts));
}
