import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chartDir } from '../chart.js';

/** A mistake in one file of the chart. */
export interface Mistake {
  /** Path inside the chart. */
  readonly file: string;
  readonly right: string;
  readonly wrong: string;
}

/**
 * Calls `use` with the folder of a chart that has a mistake.
 *
 * @throws Error where the file does not hold what the mistake would replace.
 */
export async function withBrokenChart<T>(
  { file, right, wrong }: Mistake,
  use: (chart: string) => Promise<T>,
): Promise<T> {
  const chart = await mkdtemp(join(tmpdir(), 'broken-chart-'));
  try {
    // A copy of what its links lead to, or the mistake would be made there.
    await cp(chartDir, chart, { recursive: true, dereference: true });
    const path = join(chart, file);
    const text = await readFile(path, 'utf8');
    if (!text.includes(right)) throw new Error(`${file} of the chart does not hold ${right}`);
    await writeFile(path, text.replace(right, wrong));
    return await use(chart);
  } finally {
    await rm(chart, { recursive: true, force: true });
  }
}
