import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { kubectlCluster } from './kubectl.js';

const PATH = process.env.PATH;
const { signal } = new AbortController();
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kubectl-'));
  process.env.PATH = `${dir}${delimiter}${PATH}`;
});

afterEach(async () => {
  process.env.PATH = PATH;
  await rm(dir, { recursive: true, force: true });
});

/** A kubectl that answers `get <kind>` with these objects, and refuses every other kind. */
async function kubectlWith(objects: Readonly<Record<string, readonly unknown[]>>): Promise<void> {
  const answers = Object.entries(objects).map(
    ([kind, items]) => `  "get ${kind} "*) cat <<'JSON'\n${JSON.stringify({ items })}\nJSON\n  ;;`,
  );
  const refusal = `  *) echo "the server doesn't have a resource type" >&2; exit 1 ;;`;
  const file = join(dir, 'kubectl');
  await writeFile(file, ['#!/bin/sh', 'case "$*" in', ...answers, refusal, 'esac', ''].join('\n'));
  await chmod(file, 0o755);
}

const deployment = (image: string, metadata = {}) => ({
  metadata: { name: 'spin-distributor', namespace: 'order-bench-spin', uid: '2', ...metadata },
  spec: { template: { spec: { containers: [{ image }] } } },
});

it('a Deployment of spin-operator shall run the image of its SpinApp, which the operator may not have seen yet', async () => {
  await kubectlWith({
    deployments: [deployment('spin:before', { ownerReferences: [{ kind: 'SpinApp', uid: '1' }] })],
    'spinapps.core.spinkube.dev': [
      {
        metadata: { name: 'spin-distributor', namespace: 'order-bench-spin', uid: '1' },
        spec: { image: 'spin:after' },
      },
    ],
  });
  expect(await kubectlCluster(signal).releases('order-bench-spin')).toEqual([
    { namespace: 'order-bench-spin', name: 'spin-distributor', image: 'spin:after', namedBy: 'SpinApp' },
  ]);
});

it('a Deployment of its own shall run its image, where the cluster knows no SpinApps', async () => {
  await kubectlWith({ deployments: [deployment('express:1')] });
  expect(await kubectlCluster(signal).releases('order-bench-spin')).toMatchObject([
    { image: 'express:1', namedBy: 'Deployment' },
  ]);
});

it('Deployments are looked at without the SpinApps that some are made of', async () => {
  await kubectlWith({
    deployments: [deployment('spin:before', { ownerReferences: [{ kind: 'SpinApp', uid: '1' }] })],
  });
  expect(await kubectlCluster(signal).deployments()).toMatchObject([{ name: 'spin-distributor' }]);
});
