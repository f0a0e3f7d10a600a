import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';

/**
 * Makes a component where it is not there yet, or was made from other inputs: making one takes 12 to 40 s. One that was made from
 * the same inputs in another checkout is taken from the folder COMPONENTS_DIR, where that is set.
 *
 * @param {object} options
 * @param {string} options.output the component's file
 * @param {readonly string[]} options.inputs files that it is made from and by
 * @param {() => void} options.make writes it
 */
export function makeComponent({ output, inputs, make }) {
  const key = `${output}.key`;
  // With the component itself, so that one that was cut off is made again.
  if (existsSync(output) && existsSync(key) && readFileSync(key, 'utf8') === keyOf([...inputs, output])) {
    console.log(`${output} is up to date`);
    return;
  }
  const startedAtMs = performance.now();
  rmSync(key, { force: true });
  rmSync(output, { force: true });
  const kept = keptFor(inputs, output);
  if (kept !== undefined && existsSync(kept)) {
    copyFileSync(kept, output);
  } else {
    make();
    // Not every tool ends with an exit code where it made nothing.
    if (!existsSync(output)) throw new Error(`${output} was not made: its tool said why above`);
    if (kept !== undefined) keep(output, kept);
  }
  writeFileSync(key, keyOf([...inputs, output]));
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  console.log(`${output} made in ${seconds} s, ${(statSync(output).size / 1e6).toFixed(1)} MB`);
}

/** Where a component of these inputs is kept for other checkouts; undefined where none is. */
function keptFor(inputs, output) {
  const { COMPONENTS_DIR } = process.env;
  return COMPONENTS_DIR && join(COMPONENTS_DIR, `${keyOf(inputs)}-${basename(output)}`);
}

/** Whole or not at all, for several checkouts may build at once. */
function keep(output, kept) {
  const part = `${kept}.${process.pid}`;
  mkdirSync(join(kept, '..'), { recursive: true });
  copyFileSync(output, part);
  renameSync(part, kept);
}

/** Changes with the content of the files. */
function keyOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex');
}
