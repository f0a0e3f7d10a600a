// Builds the components that it is given, of the app in whose folder it is called: dist/<id>.wasm from src/<id>.ts.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { makeComponent } from './make-component.mjs';

const requireHere = createRequire(import.meta.url);
const sdk = requireHere.resolve('@fermyon/spin-sdk/package.json');
const componentizer = join(dirname(createRequire(sdk).resolve('@bytecodealliance/componentize-js')), '../package.json');
const bin = join(dirname(sdk), 'bin');

for (const id of process.argv.slice(2)) {
  const source = `dist/bundle/${id}.js`;
  const output = `dist/${id}.wasm`;
  // One file with all that the component needs, but for the interfaces that its host provides.
  await build({
    entryPoints: [`src/${id}.ts`],
    outfile: source,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    external: ['fermyon:*', 'wasi:*'],
    logLevel: 'warning',
  });
  makeComponent({
    output,
    inputs: [source, sdk, componentizer],
    make() {
      // The WIT folder is given here, so knitwit.json, which only the SDK's install script would write, is not needed.
      const flags = ['-i', source, '-d', join(bin, 'wit'), '-n', 'spin-http', '-o', output];
      execFileSync(process.execPath, [join(bin, 'j2w.mjs'), ...flags], { stdio: ['ignore', 'ignore', 'inherit'] });
    },
  });
}
