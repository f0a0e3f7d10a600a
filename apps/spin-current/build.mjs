// Builds the Spin app's components with today's tools: dist/<id>.wasm from ../spin/src/<id>.ts. The tools, 600 MB, are no part of the
// repository's own packages: they are installed here, for who builds this.
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { makeComponent } from '../spin/make-component.mjs';

installTools();

const ENGINE = '@bytecodealliance/componentize-js';

const requireHere = createRequire(import.meta.url);
const tools = dirname(requireHere.resolve('@spinframework/build-tools/package.json'));
// It can only be imported, so its place can't be asked for.
const componentizer = (createRequire(join(tools, 'package.json')).resolve.paths(ENGINE) ?? [])
  .map(dir => join(dir, ENGINE, 'package.json'))
  .find(existsSync);
if (componentizer === undefined) throw new Error(`${ENGINE} is not installed: run 'npm ci'`);
const proxy = requireHere.resolve('@spinframework/wasi-http-proxy/package.json');

for (const id of process.argv.slice(2)) {
  const source = `dist/${id}/bundle.js`;
  const output = `dist/${id}.wasm`;
  await build({
    entryPoints: [`../spin/src/${id}.ts`],
    outfile: source,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    alias: { '@fermyon/spin-sdk': fileURLToPath(new URL('src/spin-sdk.ts', import.meta.url)) },
    external: ['fermyon:*', 'wasi:*'],
    logLevel: 'warning',
  });
  makeComponent({
    output,
    inputs: [source, 'wit/world.wit', 'package.json', join(tools, 'package.json'), componentizer, proxy],
    make: () =>
      execFileSync(process.execPath, [join(tools, 'dist/index.js'), '-i', source, '-o', output], { stdio: 'inherit' }),
  });
}

function installTools() {
  const installed = 'node_modules/.package-lock.json';
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync('package-lock.json').mtimeMs) return;
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: 'inherit' });
}
