import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('the Dockerfile’s compiler needs no test and no kit, so no image has one', t => {
  const image = mkdtempSync(join(tmpdir(), 'image-'));
  t.after(() => rmSync(image, { recursive: true }));
  const context = filesSent('node').filter(file => file === 'tsconfig.base.json' || file.startsWith('apps/'));
  for (const file of context) cpSync(join(root, file), join(image, file), { recursive: true });
  linkModules(image);
  for (const app of ['express', 'express-fetch', 'express-bulk', 'null', 'order-api/express'])
    execFileSync(join(root, 'node_modules/.bin/tsc'), ['-b', `apps/${app}`], { cwd: image, stdio: 'inherit' });
  const files = readdirSync(join(image, 'apps'), { recursive: true });
  assert.ok(files.includes('express/dist/main.js') && files.includes('order-api/express/dist/main.js'));
  assert.deepEqual(
    files.filter(file => /\.test\.|(^|\/)fake-|^contract/.test(file)),
    [],
  );
});

test('the stand-ins’ compiler needs none either', t => {
  const image = mkdtempSync(join(tmpdir(), 'image-'));
  t.after(() => rmSync(image, { recursive: true }));
  const context = filesSent('stand-in').filter(file => /^(tsconfig\.base\.json|local\/(broker|blob)\/.*)$/.test(file));
  for (const file of context) cpSync(join(root, file), join(image, file), { recursive: true });
  linkModules(image);
  for (const standIn of ['broker', 'blob'])
    execFileSync(join(root, 'node_modules/.bin/tsc'), ['-b', `local/${standIn}`], { cwd: image, stdio: 'inherit' });
  const files = readdirSync(join(image, 'local'), { recursive: true });
  assert.ok(files.includes('broker/dist/main.js') && files.includes('blob/dist/main.js'));
  assert.deepEqual(
    files.filter(file => /\.test\.|adversary|conformance/.test(file)),
    [],
  );
});

test('every image is made from bases named by their digest', () => {
  const folder = join(root, 'deploy/images');
  const files = readdirSync(folder).filter(file => file.endsWith('.Dockerfile'));
  assert.ok(files.length >= 3);
  for (const file of files) {
    const froms = readFileSync(join(folder, file), 'utf8').match(/^FROM .*$/gm);
    // Nothing, and a stage of the file's own, have none.
    const others = froms.filter(from => !/^FROM (scratch|\$\{LINKED\})/.test(from));
    for (const from of others) assert.match(from, /@sha256:[0-9a-f]{64}( AS \w+)?$/, `${file}: ${from}`);
  }
});

/** What a build sends to Docker. Its patterns are few and mean to git what they mean to Docker. */
function filesSent(dockerfile) {
  const listed = (...flags) =>
    execFileSync('git', ['ls-files', '--cached', ...flags], { cwd: root, encoding: 'utf8' })
      .trim()
      .split('\n');
  const ignored = new Set(listed('--ignored', `--exclude-from=deploy/images/${dockerfile}.Dockerfile.dockerignore`));
  return listed().filter(file => !ignored.has(file));
}

/** This checkout's packages, and the image's own workspaces. */
function linkModules(image) {
  const modules = join(root, 'node_modules');
  mkdirSync(join(image, 'node_modules/@order-bench'), { recursive: true });
  for (const name of readdirSync(modules)) {
    if (name !== '@order-bench') symlinkSync(join(modules, name), join(image, 'node_modules', name));
  }
  for (const [name, folder] of [
    ['orders', 'orders'],
    ['express-app', 'express'],
    ['spin-app', 'spin'],
    ['order-api', 'order-api'],
  ])
    symlinkSync(join(image, 'apps', folder), join(image, 'node_modules/@order-bench', name));
}
