import { readFileSync } from 'node:fs';
import { groupBy } from '../text/groups.js';
import {
  type Block,
  type Cell,
  type Chart,
  type Column,
  detailLines,
  type Folded,
  type Report,
  type Section,
  type Source,
  type Sources,
  type Table,
} from './document.js';
import { FONT, themeCss } from './theme.js';

/** A report as one HTML file that loads nothing: styles, script and charts are in it. */
export function htmlReport({ title, headline, points, summary, notes, sections }: Report): string {
  const listed: ListedSources = new Map();
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>${themeCss(':root')}:root{--font:${FONT}}
${asset('page.css')}</style>
</head>
<body>
<header>
<p class="eyebrow">${escaped(title)}</p>
<h1>${unbroken(inline(headline))}</h1>
${points.length > 0 ? listHtml(points) : ''}
${blocksHtml(summary, 'the first page', listed)}
${notes.map(note => `<p class="note">${inline(note)}</p>`).join('\n')}
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => `<li><a href="#${id}">${escaped(title)}</a></li>`).join('')}</ul></nav>
</header>
<main>
${sections.map(section => sectionHtml(section, listed)).join('\n')}
</main>
<footer><p>Made by <code>make report</code> from the result files beside this page, and from nothing else.</p></footer>
<script>${asset('tables.js')}</script>
</body>
</html>
`;
}

/** Lists of results that stand in the page, with the section that holds each. */
type ListedSources = Map<string, string>;

function sectionHtml({ id, title, blocks }: Section, listed: ListedSources): string {
  return `<section id="${id}"><h2>${escaped(title)}</h2>\n${blocksHtml(blocks, title, listed)}</section>`;
}

function blocksHtml(blocks: readonly Block[], section: string, listed: ListedSources): string {
  return blocks.map(block => blockHtml(block, section, listed)).join('\n');
}

function blockHtml(block: Block, section: string, listed: ListedSources): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${inline(block.text)}</p>`;
    case 'list':
      return listHtml(block.items);
    case 'table':
      return tableHtml(block);
    case 'chart':
      return chartHtml(block);
    case 'sources':
      return sourcesOnce(block, section, listed);
    case 'folded':
      return foldedHtml(block, section, listed);
  }
}

function listHtml(items: readonly string[]): string {
  return `<ul class="points">${items.map(item => `<li>${inline(item)}</li>`).join('')}</ul>`;
}

function foldedHtml({ title, blocks }: Folded, section: string, listed: ListedSources): string {
  return `<details class="folded"><summary>${escaped(title)}</summary>\n${blocksHtml(blocks, section, listed)}</details>`;
}

/** Characters from which on a cell's text may wrap. */
const LONG_TEXT = 30;

/** Drawn twice, for a phone is not a small desk: the style sheet shows the one that fits. */
function chartHtml({ id, title, description, draw }: Chart): string {
  return (
    `<figure class="chart" data-chart="${id}"><figcaption><h3>${unbroken(inline(title))}</h3><p>${inline(description)}</p></figcaption>` +
    `<div class="wide">${draw('wide')}</div><div class="narrow">${draw('narrow')}</div></figure>`
  );
}

function tableHtml({ id, caption, columns, rows }: Table): string {
  const head = columns.map(headerCell).join('');
  const body = rows.map(row => `<tr>${row.map((cell, index) => bodyCell(cell, columns[index], index)).join('')}</tr>`);
  return (
    `<figure class="table"><figcaption id="${id}-caption">${inline(caption)}<span class="hint" aria-hidden="true">More to the right: scroll the table sideways.</span></figcaption>` +
    `<div class="scroll" role="region" aria-labelledby="${id}-caption" tabindex="0">` +
    `<table id="${id}" aria-labelledby="${id}-caption"><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div></figure>`
  );
}

function headerCell({ title, unit, isNumber }: Column): string {
  const label = `${breakable(escaped(title))}${unit ? ` <span class="unit">${escaped(unit)}</span>` : ''}`;
  return `<th scope="col"${isNumber ? ' class="number"' : ''}><button type="button">${label}</button></th>`;
}

function bodyCell(cell: Cell, column: Column | undefined, index: number): string {
  const { text, value } = cell;
  const style = column?.isNumber ? 'number' : text.replace(/\]\([^)]*\)/g, '').length > LONG_TEXT ? 'long' : null;
  const attributes = [
    ...(style ? [`class="${style}"`] : []),
    ...(value === undefined ? [] : [`data-value="${value ?? ''}"`]),
  ].join(' ');
  const content = [
    inline(text),
    ...detailLines(cell).map(line => `<span class="detail">${breakable(escaped(line))}</span>`),
  ].join(' ');
  const tag = index === 0 ? 'th scope="row"' : 'td';
  return `<${tag}${attributes ? ` ${attributes}` : ''}>${content}</${index === 0 ? 'th' : 'td'}>`;
}

/** A list of results is long: where it comes again, it names the section that holds it. */
function sourcesOnce({ results }: Sources, section: string, listed: ListedSources): string {
  const ids = results.map(({ id }) => id).join(' ');
  const before = listed.get(ids);
  if (before !== undefined)
    return `<p class="sources">From the ${counted(results)} listed under “${escaped(before)}”.</p>`;
  listed.set(ids, section);
  const groups = [...groupBy(results, ({ contender }) => contender)].map(([contender, own]) => {
    const links = own.map(({ id, file }) => `<a href="${escaped(file)}"><code>${id}</code></a>`);
    return `<dt>${escaped(contender)}</dt><dd>${links.join(' ')}</dd>`;
  });
  return `<details class="sources"><summary>From ${counted(results)}</summary><dl>${groups.join('')}</dl></details>`;
}

/** `1 result`, `51 results`. */
function counted({ length }: readonly Source[]): string {
  return `${length} result${length === 1 ? '' : 's'}`;
}

/** Text with `code`, **emphasis** and [links](target). */
function inline(text: string): string {
  return escaped(text)
    .replace(/\[((?:[^\]`]|`[^`]*`)+)\]\(([^)\s]+)\)/g, '<a href="$2">$1</a>')
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>');
}

/** A heading breaks neither in a name nor between a number and its unit. */
function unbroken(html: string): string {
  return html
    .replace(/(\d) (%|s|ms|MiB|orders)(?!\w)/g, '$1&nbsp;$2')
    .replace(/\w+(?:-\w+)+/g, '<span class="name">$&</span>');
}

/** A narrow cell breaks a contender's name where its runtime begins. */
function breakable(html: string): string {
  return html.replace(/(\w)@/g, '$1<wbr>@');
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** A file of the page: it stands in src/, where the linter sees it, and is read from dist/ too. */
function asset(name: string): string {
  return readFileSync(new URL(`../../src/report/${name}`, import.meta.url), 'utf8').trim();
}
