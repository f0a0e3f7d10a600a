/**
 * Rows of text in columns as wide as their widest cell; the first row is the header. Where that is wider than the terminal
 * the table is turned: a column for each row, or a block for each where that is too wide as well.
 *
 * @param width in characters; that of the terminal that standard output is, else there is no limit.
 */
export function textTable(
  rows: readonly (readonly string[])[],
  // Some terminals do not know, and say 0.
  width = process.stdout.columns || Number.POSITIVE_INFINITY,
): string {
  const turned = (rows[0] ?? []).map((_, column) => rows.map(row => row[column] ?? ''));
  const fitting = [rows, turned].map(inColumns).find(text => widthOf(text) <= width);
  return fitting ?? inBlocks(rows);
}

function inColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Under the first cell of each row its other cells, a line each, with their headers. */
function inBlocks([header = [], ...rows]: readonly (readonly string[])[]): string {
  return rows
    .map(([title = '', ...cells]) => {
      const lines = inColumns(cells.map((cell, index) => [`  ${header[index + 1] ?? ''}`, cell]));
      return `${title}\n${lines}`;
    })
    .join('\n');
}

function widthOf(text: string): number {
  return Math.max(...text.split('\n').map(line => line.length));
}
