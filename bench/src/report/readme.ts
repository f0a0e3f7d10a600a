import { posix } from 'node:path';
import { UsageError } from '../text/usage-error.js';
import { openCharts, type Report } from './document.js';
import { chartMarkdown, listMarkdown, tableMarkdown } from './markdown.js';
import { CLAIMS } from './sections/claims.js';
import { STAND_IN_ERROR } from './sections/stand-in.js';

/**
 * A README with what stands between `<!-- headline:begin -->` and `<!-- headline:end -->` made anew from a report: what is
 * recommended, the chart and the table; and between the same markers of `observations` the table of what the published
 * comparison observed, of `stand-in` how far the stand-in is from Spin. Links and charts are found below `folder`, the results.
 *
 * @throws UsageError for a README without the markers.
 */
export function withReport(readme: string, report: Report, folder: string): string {
  const parts = {
    headline: headlinePart(report, folder),
    observations: tablesOf(report, CLAIMS),
    'stand-in': tablesOf(report, STAND_IN_ERROR),
  };
  return Object.entries(parts).reduce((text, [name, part]) => withPart(text, name, part), readme);
}

function withPart(readme: string, name: string, part: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (from < 0 || to < from)
    throw new UsageError(`README.md has no ${begin} followed by ${end}: put both where that part belongs`);
  return `${readme.slice(0, from + begin.length)}\n${part}\n${readme.slice(to)}`;
}

/** The open tables of a section; nothing where the report has no such section. */
function tablesOf({ sections }: Report, section: string): string {
  const blocks = sections.find(({ id }) => id === section)?.blocks ?? [];
  return blocks.flatMap(block => (block.kind === 'table' ? [tableMarkdown(block)] : [])).join('\n\n');
}

function headlinePart({ headline, points, summary, notes }: Report, folder: string): string {
  const parts = [
    `**${headline}**`,
    ...(points.length > 0 ? [listMarkdown(points)] : []),
    ...openCharts(summary).map(chartMarkdown),
    ...summary.flatMap(block => (block.kind === 'table' ? [tableMarkdown(block)] : [])),
    ...notes,
  ];
  return parts.map(part => fromRoot(part, folder)).join('\n\n');
}

/** Links that are told from the results folder, told from the README's. */
function fromRoot(text: string, folder: string): string {
  return text.replace(/\]\((?!\w+:|#)([^)]+)\)/g, (_, target: string) => `](${posix.join(folder, target)})`);
}
