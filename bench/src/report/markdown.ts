import { type Cell, type Chart, detailLines, openCharts, type Report, type Section, type Table } from './document.js';

/**
 * A report's first page as Markdown that GitHub shows: headline, table, the open charts (files in `charts/` beside it),
 * what the numbers do not show, and where the rest is.
 */
export function markdownReport({ title, headline, points, summary, notes, sections }: Report): string {
  const charts = sections.flatMap(section => openCharts(section.blocks));
  const caveats = sections.find(({ id }) => id === CAVEATS);
  const parts = [
    `# ${title}`,
    '<!-- Made by `make report` from the result files in this folder: do not edit. -->',
    `**${headline}**`,
    ...(points.length > 0 ? [listMarkdown(points)] : []),
    ...summary.flatMap(block => (block.kind === 'table' ? [tableMarkdown(block)] : [])),
    ...openCharts(summary).map(chartMarkdown),
    ...notes,
    ...charts.map(chart => `## ${chart.title}\n\n${chartMarkdown(chart)}`),
    ...(caveats ? [sectionMarkdown(caveats)] : []),
    '## More',
    `\`make report\` writes \`report.html\` beside this page, in seconds and without a measurement: ${namesOf(sections)}; each figure with the results that it is from. ` +
      'What the fields of a result mean says [README.md](README.md); what was tuned, [TUNING.md](TUNING.md); how it is measured and judged, [docs/method.md](../docs/method.md).',
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The section whose text the first page has too. */
export const CAVEATS = 'caveats';

/** Points as Markdown. */
export function listMarkdown(items: readonly string[]): string {
  return items.map(item => `- ${item}`).join('\n');
}

/** A chart as a file beside the report, and how it is read. */
export function chartMarkdown({ id, title, description }: Chart): string {
  return `![${title}](charts/${id}.svg)\n\n${description}`;
}

/** A table, as Markdown has it. */
export function tableMarkdown({ caption, columns, rows }: Table): string {
  const lines = [
    columns.map(({ title, unit }) => textOf({ text: unit ? `${title}, ${unit}` : title })),
    columns.map(({ isNumber }) => (isNumber ? '--:' : '---')),
    ...rows.map(row => row.map(textOf)),
  ];
  return `${caption}:\n\n${lines.map(line => `| ${line.join(' | ')} |`).join('\n')}`;
}

function sectionMarkdown({ title, blocks }: Section): string {
  const texts = blocks.flatMap(block => {
    if (block.kind === 'paragraph') return [block.text];
    return block.kind === 'list' ? [listMarkdown(block.items)] : [];
  });
  return [`## ${title}`, ...texts].join('\n\n');
}

function namesOf(sections: readonly Section[]): string {
  return sections
    .filter(({ id }) => id !== CAVEATS)
    .map(({ title }) => `“${title}”`)
    .join(', ');
}

/** What is said more quietly stands below the figure. */
function textOf(cell: Cell): string {
  const lines = detailLines(cell).map(line => `<br><sub>${line}</sub>`);
  return `${cell.text}${lines.join('')}`.replace(/\|/g, '\\|');
}
