import { posix } from 'node:path';
import { UsageError } from '../text/usage-error.js';
import { openCharts, type Report } from './document.js';
import { chartMarkdown, listMarkdown, tableMarkdown } from './markdown.js';

const BEGIN = '<!-- headline:begin -->';
const END = '<!-- headline:end -->';

/**
 * A README with the text between `<!-- headline:begin -->` and `<!-- headline:end -->` made anew from a report: what is
 * recommended, the chart and the table. Links and charts are found below `folder`, the results.
 *
 * @throws UsageError for a README without the markers.
 */
export function withHeadline(readme: string, report: Report, folder: string): string {
  const [from, to] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (from < 0 || to < from) {
    throw new UsageError(`README.md has no ${BEGIN} followed by ${END}: put both where the headline belongs`);
  }
  return `${readme.slice(0, from + BEGIN.length)}\n${headlinePart(report, folder)}\n${readme.slice(to)}`;
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
