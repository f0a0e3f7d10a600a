import { toJsonSchema } from '@valibot/to-json-schema';
import { Argument, Command } from 'commander';
import type { GenericSchema } from 'valibot';
import { CONTENDER_DESCRIPTOR } from '../contenders/contender.js';
import { PRICES } from '../cost/prices.js';
import { CHAOS_RESULT } from '../results/chaos-result.js';
import { COMPARISON_RECORD } from '../results/comparison-file.js';
import { K6_RESULT } from '../results/k6-result.js';
import { RUN_RESULT } from '../results/result.js';
import { SWEEP_RECORD } from '../results/sweep-file.js';

/** Every shape of a file that this program reads or writes, by what messages call it. */
const SHAPES: Readonly<Record<string, GenericSchema>> = {
  contender: CONTENDER_DESCRIPTOR,
  result: RUN_RESULT,
  comparison: COMPARISON_RECORD,
  sweep: SWEEP_RECORD,
  k6: K6_RESULT,
  chaos: CHAOS_RESULT,
  prices: PRICES,
};

/** `bench schema`: prints the JSON Schema of one kind of file. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema of a kind of file, for editors and other programs')
    .addArgument(new Argument('<kind>', 'of file').choices(Object.keys(SHAPES)))
    .action((kind: string) => {
      const shape = SHAPES[kind];
      // Rules between fields have no counterpart in it; the program checks them.
      if (shape) console.log(JSON.stringify(toJsonSchema(shape, { errorMode: 'ignore' }), null, 2));
    });
}
