import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { stringify } from 'csv-stringify/sync';
import { readResults } from '../results/read-results.js';
import { type ResultTable, resultTable, TABLE_NAMES, type TableName } from '../results/result-tables.js';
import { mustBeWritable } from './output-file.js';
import { mustBeThere, resultsFlag } from './results-folder.js';
import { withoutCheckout } from './without-checkout.js';

interface ExportFlags {
  readonly table: TableName;
  readonly sweeps: boolean;
  readonly results: string;
  readonly out: string;
}

/** `bench export`: results as a table for a spreadsheet, R or pandas. */
export function exportCommand(): Command {
  return new Command('export')
    .description('results as CSV: a row for each run, or for each process, hop or point of the curve')
    .option('--csv', 'as CSV with a header (RFC 4180), the only format', true)
    .addOption(new Option('--table <name>', 'what a row is').choices(TABLE_NAMES).default('runs'))
    .option('--sweeps', 'the runs of sweeps too', false)
    .addOption(resultsFlag('folder with result files'))
    .option('--out <file>', 'where to write it; - is standard output', '-')
    .addHelpText('after', '\nThe columns are explained in results/README.md. Exit codes: 0, or 2 for wrong use.')
    .action(async (flags: ExportFlags) => {
      process.exitCode = await withoutCheckout(() => exportTable(flags));
    });
}

async function exportTable({ table, sweeps, results, out }: ExportFlags): Promise<number> {
  mustBeThere(results);
  if (out !== '-') await mustBeWritable(out);
  const stored = await readResults(results, { sweeps });
  const text = csv(resultTable(table, stored));
  if (out === '-') process.stdout.write(text);
  else {
    await writeFile(out, text);
    process.stderr.write(`${stored.length} runs written to ${out}\n`);
  }
  return 0;
}

/** A table as CSV with a header: true and false as words, an empty cell where a run has no such figure. */
export function csv({ columns, rows }: ResultTable): string {
  return stringify([...rows], {
    columns: [...columns],
    header: true,
    record_delimiter: 'windows',
    cast: { boolean: value => String(value) },
  });
}
