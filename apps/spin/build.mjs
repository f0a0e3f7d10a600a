// Builds the components that it is given, of the app in whose folder it is called: dist/<id>.wasm from src/<id>.ts. Making one
// takes 12 to 40 s, so it is made only where its bundle or the tool changed.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const components = process.argv.slice(2);

const requireHere = createRequire(import.meta.url);
const sdk = requireHere.resolve('@fermyon/spin-sdk/package.json');
const componentizer = join(dirname(createRequire(sdk).resolve('@bytecodealliance/componentize-js')), '../package.json');

mkdirSync('dist/bundle', { recursive: true });

for (const id of components) {
  await bundle(id);
  makeComponent(id);
}

/** One file with all that the component needs, but for the interfaces that its host provides. */
async function bundle(id) {
  await build({
    entryPoints: [`src/${id}.ts`],
    outfile: `dist/bundle/${id}.js`,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    external: ['fermyon:*', 'wasi:*'],
    logLevel: 'warning',
  });
}

function makeComponent(id) {
  const source = `dist/bundle/${id}.js`;
  const output = `dist/${id}.wasm`;
  const key = `dist/${id}.wasm.key`;
  const inputs = [source, sdk, componentizer];
  // With the component itself, so that one that was cut off is made again.
  if (existsSync(output) && existsSync(key) && readFileSync(key, 'utf8') === keyOf([...inputs, output])) {
    console.log(`${output} is up to date`);
    return;
  }
  const startedAtMs = performance.now();
  rmSync(key, { force: true });
  const bin = join(dirname(sdk), 'bin');
  // The WIT folder is given here, so knitwit.json, which only the SDK's install script would write, is not needed.
  const flags = ['-i', source, '-d', join(bin, 'wit'), '-n', 'spin-http', '-o', output];
  execFileSync(process.execPath, [join(bin, 'j2w.mjs'), ...flags], { stdio: ['ignore', 'ignore', 'inherit'] });
  writeFileSync(key, keyOf([...inputs, output]));
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  console.log(`${output} made in ${seconds} s, ${(statSync(output).size / 1e6).toFixed(1)} MB`);
}

/** Changes with the content of the files. */
function keyOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex');
}
