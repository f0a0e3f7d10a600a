import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Chart, Report } from './document.js';
import { htmlReport } from './html.js';
import { markdownReport } from './markdown.js';

/** Where a report stands. */
export interface WrittenReport {
  readonly html: string;
  readonly markdown: string;
  readonly charts: readonly string[];
}

/** Writes report.html, REPORT.md and charts/*.svg into a folder, in place of those of an earlier report. */
export async function writeReport(report: Report, dir: string): Promise<WrittenReport> {
  const folder = join(dir, 'charts');
  await mkdir(folder, { recursive: true });
  const charts = report.sections.flatMap(({ blocks }) => blocks.filter(block => block.kind === 'chart'));
  const files = charts.map(chart => join(folder, `${chart.id}.svg`));
  const stale = (await readdir(folder)).filter(name => name.endsWith('.svg')).map(name => join(folder, name));
  await Promise.all(stale.filter(file => !files.includes(file)).map(file => rm(file)));
  await Promise.all(charts.map((chart, index) => writeFile(files[index] as string, drawFile(chart))));
  const [html, markdown] = [join(dir, 'report.html'), join(dir, 'REPORT.md')];
  await writeFile(html, htmlReport(report));
  await writeFile(markdown, markdownReport(report));
  return { html, markdown, charts: files };
}

function drawFile(chart: Chart): string {
  return chart.draw('file');
}
