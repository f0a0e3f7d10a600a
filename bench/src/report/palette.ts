import type { ContenderRuns } from './evidence.js';

/** Colours by contender, the same in every chart of a report. */
export type Palette = (contender: string) => string;

/** Where a runtime's colours begin in the theme, and how many shades it has there. */
const FAMILIES = [
  ['--series-1', '--series-2'],
  ['--series-3', '--series-4'],
  ['--series-5', '--series-6'],
] as const;

/**
 * Contenders of one runtime share a hue family; floor and limit are grey, for they are what the others are held against.
 * With more contenders than colours, colours repeat: labels still tell them apart.
 */
export function paletteOf(groups: readonly ContenderRuns[]): Palette {
  const colours = new Map<string, string>();
  const runtimes: string[] = [];
  const used = new Map<string, number>();
  for (const { contender, role, runs, voids } of groups) {
    if (colours.has(contender)) continue;
    if (role === 'floor' || role === 'limit') {
      colours.set(contender, `var(--reference-${role === 'floor' ? 1 : 2})`);
      continue;
    }
    const runtime = (runs[0] ?? voids[0])?.result.runtime.kind ?? 'other';
    if (!runtimes.includes(runtime)) runtimes.push(runtime);
    const family = FAMILIES[runtimes.indexOf(runtime) % FAMILIES.length] ?? FAMILIES[0];
    const shade = used.get(runtime) ?? 0;
    used.set(runtime, shade + 1);
    colours.set(contender, `var(${family[shade % family.length]})`);
  }
  return contender => colours.get(contender) ?? 'var(--ink-2)';
}
