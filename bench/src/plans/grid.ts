import { InvalidArgumentError } from 'commander';
import { type Contender, usesSpin } from '../contenders/contender.js';
import { TUNING_FLAGS, type TuningFlags } from '../contenders/tuning-flags.js';
import type { Axis, Cell } from '../results/sweep-file.js';
import { integer, share } from '../text/flags.js';

/** What a cell sets of a run. */
export interface CellSettings extends TuningFlags {
  readonly orders?: number;
  readonly expressShare?: number;
}

interface Variable {
  readonly key: keyof CellSettings;
  readonly name: string;
  readonly parse: (text: string) => unknown;
  readonly spinOnly: boolean;
}

/** Everything that can be varied. */
const VARIABLES: readonly Variable[] = [
  { key: 'orders', name: 'orders', parse: integer(1), spinOnly: false },
  { key: 'expressShare', name: 'express-share', parse: share, spinOnly: false },
  ...TUNING_FLAGS,
];

/** The names that `--vary` takes. */
export const VARIABLE_NAMES: readonly string[] = VARIABLES.map(({ name }) => name);

/**
 * A repeatable flag's parser for `name=value,value,...`.
 *
 * @throws InvalidArgumentError for an unknown name, a name or value given twice, and a value that its flag would refuse.
 */
export function parseAxis(text: string, before: readonly Axis[] = []): readonly Axis[] {
  const [name = '', list = ''] = text.split('=', 2);
  const variable = VARIABLES.find(candidate => candidate.name === name);
  if (!variable) {
    throw new InvalidArgumentError(
      `it takes a name and its values, as in handlers=4,8; names: ${VARIABLE_NAMES.join(', ')}.`,
    );
  }
  if (list === '') throw new InvalidArgumentError(`it has no values: ${name}=<value>,<value>, as in handlers=4,8.`);
  const texts = list.split(',');
  if (before.some(axis => axis.name === name) || new Set(texts).size < texts.length) {
    throw new InvalidArgumentError('a name or a value is there twice.');
  }
  for (const value of texts) parseValue(variable, value);
  return [...before, { name, values: texts.map(value => (Number.isFinite(Number(value)) ? Number(value) : value)) }];
}

/**
 * Every combination of the contenders and the axes' values. Settings of Spin are left out for a contender that does not
 * run on it: it has one cell where the others have several.
 */
export function gridCells(contenders: readonly Contender[], axes: readonly Axis[]): Cell[] {
  return contenders.flatMap(contender =>
    axes
      .filter(({ name }) => usesSpin(contender) || !variableOf(name).spinOnly)
      .reduce<Cell[]>(
        (cells, { name, values }) =>
          cells.flatMap(cell => values.map(value => ({ ...cell, values: { ...cell.values, [name]: value } }))),
        [{ contender: contender.name, values: {} }],
      ),
  );
}

/** The settings that a cell's values stand for. */
export function cellSettings({ values }: Cell): CellSettings {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const { key, parse } = variableOf(name);
      return [key, parse(String(value))];
    }),
  );
}

/** A cell in a few words: `null-ts, handlers 4, replicas 2`. */
export function cellTitle({ contender, values }: Cell): string {
  return [contender, ...Object.entries(values).map(([name, value]) => `${name} ${value}`)].join(', ');
}

/** @throws InvalidArgumentError naming the value. */
function parseValue({ name, parse }: Variable, value: string): void {
  try {
    parse(value);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new InvalidArgumentError(`'${value}' is no value of ${name}: ${error.message}`);
  }
}

function variableOf(name: string): Variable {
  const variable = VARIABLES.find(candidate => candidate.name === name);
  if (!variable) throw new Error(`a sweep can't vary '${name}': there are ${VARIABLE_NAMES.join(', ')}`);
  return variable;
}
