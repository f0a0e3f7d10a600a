import type { Block, Cell, Report, Sources, Table } from './document.js';
import { groupBy } from './groups.js';
import { counted } from './html.js';

/** A report as Markdown that GitHub shows; its charts are files in `charts/` beside it. */
export function markdownReport({ title, headline, notes, sections }: Report): string {
  const parts = [
    `# ${title}`,
    '<!-- Made by `make report` from the result files in this folder: do not edit. -->',
    `**${headline}**`,
    ...notes,
    ...sections.flatMap(section => [`## ${section.title}`, ...section.blocks.map(blockMarkdown)]),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** A table, as Markdown has it. */
export function tableMarkdown({ caption, columns, rows }: Table): string {
  const lines = [
    columns.map(({ title, unit }) => cell({ text: unit ? `${title}, ${unit}` : title })),
    columns.map(({ isNumber }) => (isNumber ? '--:' : '---')),
    ...rows.map(row => row.map(cell)),
  ];
  return `${caption}:\n\n${lines.map(line => `| ${line.join(' | ')} |`).join('\n')}`;
}

/** The results behind a figure, folded away. */
export function sourcesMarkdown({ results }: Sources, folder = ''): string {
  const groups = [...groupBy(results, ({ contender }) => contender)].map(
    ([contender, own]) => `- ${contender}: ${own.map(({ id, file }) => `[\`${id}\`](${folder}${file})`).join(' ')}`,
  );
  return `<details><summary>From ${counted(results.length)}</summary>\n\n${groups.join('\n')}\n\n</details>`;
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return block.text;
    case 'list':
      return block.items.map(item => `- ${item}`).join('\n');
    case 'table':
      return tableMarkdown(block);
    case 'chart':
      return `### ${block.title}\n\n![${block.title}](charts/${block.id}.svg)\n\n${block.description}`;
    case 'sources':
      return sourcesMarkdown(block);
  }
}

function cell({ text, detail }: Cell): string {
  return (detail ? `${text} (${detail})` : text).replace(/\|/g, '\\|');
}
