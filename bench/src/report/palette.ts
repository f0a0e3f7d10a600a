import { STAND_IN } from '../contenders/runtime.js';
import type { K6Result } from '../results/k6-result.js';
import type { RunResult } from '../results/result.js';
import type { ContenderRole, ContenderRuns } from './evidence.js';

/** How contenders look, the same in every chart and table of a report. */
export interface Palette {
  readonly colour: (contender: string) => string;
  /** Its name; references say that they are ones. */
  readonly label: (contender: string) => string;
}

/** The shades of a runtime in the theme. */
const SHADES: Readonly<Record<RunResult['runtime']['kind'], readonly string[]>> = {
  spin: ['--series-1', '--series-2', '--series-7'],
  node: ['--series-3', '--series-4', '--series-8'],
  [STAND_IN]: ['--series-5'],
  other: ['--series-6'],
};

const REFERENCES: Partial<Record<ContenderRole, { readonly colour: string; readonly label: string }>> = {
  floor: { colour: 'var(--reference-1)', label: 'floor' },
  limit: { colour: 'var(--reference-2)', label: 'limit' },
};

/**
 * Contenders of one runtime share a hue family, by their names in it, so that neither the order of runs nor a chart that
 * leaves some out moves a colour; floor and limit are grey, for they are what the others are held against. With more
 * contenders than shades, shades repeat: labels still tell them apart.
 *
 * @param groups every contender with runs.
 * @param edges what k6 measured, perhaps of others.
 */
export function paletteOf(groups: readonly ContenderRuns[], edges: readonly K6Result[] = []): Palette {
  const roles = new Map(groups.map(({ contender, role }) => [contender, role]));
  const kinds = new Map(
    [...groups.flatMap(({ runs, voids }) => [...runs, ...voids].map(({ result }) => result)), ...edges].map(
      ({ contender, runtime }) => [contender, runtime.kind] as const,
    ),
  );
  const shaded = [...kinds.keys()].filter(contender => !referenceOf(contender)).sort();
  function referenceOf(contender: string) {
    return REFERENCES[roles.get(contender) ?? 'contender'];
  }
  return {
    colour: contender => {
      const kind = kinds.get(contender);
      const reference = referenceOf(contender);
      if (reference) return reference.colour;
      if (kind === undefined) return 'var(--ink-2)';
      const family = shaded.filter(other => kinds.get(other) === kind);
      const shades = SHADES[kind];
      return `var(${shades[family.indexOf(contender) % shades.length]})`;
    },
    label: contender => {
      const reference = referenceOf(contender);
      return reference ? `${contender} (${reference.label})` : contender;
    },
  };
}
