import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCharts, type Report } from './document.js';
import { htmlReport } from './html.js';
import { markdownReport } from './markdown.js';

/** Where a report stands. */
export interface WrittenReport {
  readonly html: string;
  readonly markdown: string;
  readonly charts: readonly string[];
}

/** Writes report.html, REPORT.md and the charts of the latter into a folder, in place of those of an earlier report. */
export async function writeReport(report: Report, dir: string): Promise<WrittenReport> {
  const folder = join(dir, 'charts');
  await mkdir(folder, { recursive: true });
  const charts = openCharts([...report.summary, ...report.sections.flatMap(({ blocks }) => blocks)]);
  const files = charts.map(({ id, draw }) => ({ file: join(folder, `${id}.svg`), text: draw('file') }));
  const stale = (await readdir(folder)).filter(name => name.endsWith('.svg')).map(name => join(folder, name));
  await Promise.all(stale.filter(old => !files.some(({ file }) => file === old)).map(file => rm(file)));
  await Promise.all(files.map(({ file, text }) => writeFile(file, text)));
  const [html, markdown] = [join(dir, 'report.html'), join(dir, 'REPORT.md')];
  await writeFile(html, htmlReport(report));
  await writeFile(markdown, markdownReport(report));
  return { html, markdown, charts: files.map(({ file }) => file) };
}
