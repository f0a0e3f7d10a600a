import { InvalidArgumentError, Option } from 'commander';

/** A flag's parser for whole numbers from `min` on, or to `max`. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER): (value: string) => number {
  return value => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < min || number > max) {
      const end = max === Number.MAX_SAFE_INTEGER ? 'on' : `to ${max}`;
      throw new InvalidArgumentError(`it takes a whole number from ${min} ${end}.`);
    }
    return number;
  };
}

/** A flag's parser for shares from 0 to 1. */
export function share(value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !(number >= 0 && number <= 1))
    throw new InvalidArgumentError('it takes a number from 0 to 1.');
  return number;
}

/** The flag that names programs to run contenders on, beside those of `runtimes.json`; a contender takes one by `@<name>`. */
export function runtimeFlag(): Option {
  return new Option(
    '--runtime <name=path...>',
    'programs for contenders as in spin-ts@spin-3.6: --runtime spin-3.6=/opt/spin-3.6/spin',
  ).default([], 'those of runtimes.json');
}
