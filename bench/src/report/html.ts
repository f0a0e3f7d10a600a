import { readFileSync } from 'node:fs';
import { groupBy } from '../text/groups.js';
import type { Block, Cell, Chart, Column, Report, Section, Sources, Table } from './document.js';
import { FONT, themeCss } from './theme.js';

/** A report as one HTML file that loads nothing: styles, script and charts are in it. */
export function htmlReport({ title, headline, notes, sections }: Report): string {
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
${notes.map(note => `<p class="note">${inline(note)}</p>`).join('\n')}
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => `<li><a href="#${id}">${escaped(title)}</a></li>`).join('')}</ul></nav>
</header>
<main>
${sections.map(sectionHtml).join('\n')}
</main>
<footer><p>Made by <code>make report</code> from the result files beside this page, and from nothing else.</p></footer>
<script>${asset('sort-tables.js')}</script>
</body>
</html>
`;
}

function sectionHtml({ id, title, blocks }: Section): string {
  return `<section id="${id}"><h2>${escaped(title)}</h2>\n${blocks.map(blockHtml).join('\n')}</section>`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${inline(block.text)}</p>`;
    case 'list':
      return `<ul class="points">${block.items.map(item => `<li>${inline(item)}</li>`).join('')}</ul>`;
    case 'table':
      return tableHtml(block);
    case 'chart':
      return chartHtml(block);
    case 'sources':
      return sourcesHtml(block);
  }
}

/** Characters from which on a cell's text may wrap. */
const LONG_TEXT = 44;

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
    `<figure class="table"><figcaption id="${id}-caption">${inline(caption)}</figcaption>` +
    `<div class="scroll" role="region" aria-labelledby="${id}-caption" tabindex="0">` +
    `<table id="${id}" aria-labelledby="${id}-caption"><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div></figure>`
  );
}

function headerCell({ title, unit, isNumber }: Column): string {
  const label = `${escaped(title)}${unit ? ` <span class="unit">${escaped(unit)}</span>` : ''}`;
  return `<th scope="col"${isNumber ? ' class="number"' : ''}><button type="button">${label}</button></th>`;
}

function bodyCell({ text, detail, value }: Cell, column: Column | undefined, index: number): string {
  const style = column?.isNumber ? 'number' : text.replace(/\]\([^)]*\)/g, '').length > LONG_TEXT ? 'long' : null;
  const attributes = [
    ...(style ? [`class="${style}"`] : []),
    ...(value === undefined ? [] : [`data-value="${value ?? ''}"`]),
  ].join(' ');
  const content = `${inline(text)}${detail ? ` <span class="detail">${escaped(detail)}</span>` : ''}`;
  const tag = index === 0 ? 'th scope="row"' : 'td';
  return `<${tag}${attributes ? ` ${attributes}` : ''}>${content}</${index === 0 ? 'th' : 'td'}>`;
}

function sourcesHtml({ results }: Sources): string {
  const groups = [...groupBy(results, ({ contender }) => contender)].map(([contender, own]) => {
    const links = own.map(({ id, file }) => `<a href="${escaped(file)}"><code>${id}</code></a>`);
    return `<dt>${escaped(contender)}</dt><dd>${links.join(' ')}</dd>`;
  });
  return `<details class="sources"><summary>From ${counted(results.length)}</summary><dl>${groups.join('')}</dl></details>`;
}

/** `1 result`, `51 results`. */
export function counted(results: number): string {
  return `${results} result${results === 1 ? '' : 's'}`;
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

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** A file of the page: it stands in src/, where the linter sees it, and is read from dist/ too. */
function asset(name: string): string {
  return readFileSync(new URL(`../../src/report/${name}`, import.meta.url), 'utf8').trim();
}
