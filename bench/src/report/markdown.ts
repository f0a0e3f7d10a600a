import { groupBy } from '../text/groups.js';
import type { Block, Cell, Report, Sources, Table } from './document.js';
import { counted } from './html.js';

/** A report as Markdown that GitHub shows; its charts are files in `charts/` beside it. */
export function markdownReport({ title, headline, notes, sections }: Report): string {
  const listed = new Map<string, string>();
  const parts = [
    `# ${title}`,
    '<!-- Made by `make report` from the result files in this folder: do not edit. -->',
    `**${headline}**`,
    ...notes,
    ...sections.flatMap(section => [
      `## ${section.title}`,
      ...section.blocks.map(block =>
        block.kind === 'sources' ? sourcesOnce(block, section.title, listed) : blockMarkdown(block),
      ),
    ]),
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

/** A list of results is long: where it comes again, it names the section that holds it. */
function sourcesOnce(sources: Sources, section: string, listed: Map<string, string>): string {
  const ids = sources.results.map(({ id }) => id).join(' ');
  const before = listed.get(ids);
  if (before !== undefined) return `From the ${counted(sources.results.length)} listed under “${before}”.`;
  listed.set(ids, section);
  return sourcesMarkdown(sources);
}

function blockMarkdown(block: Exclude<Block, Sources>): string {
  switch (block.kind) {
    case 'paragraph':
      return block.text;
    case 'list':
      return block.items.map(item => `- ${item}`).join('\n');
    case 'table':
      return tableMarkdown(block);
    case 'chart':
      return `### ${block.title}\n\n![${block.title}](charts/${block.id}.svg)\n\n${block.description}`;
  }
}

function cell({ text, detail }: Cell): string {
  return (detail ? `${text} (${detail})` : text).replace(/\|/g, '\\|');
}
