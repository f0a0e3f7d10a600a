import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { objectsOf, runHelm } from '../src/chart.js';
import { deployTestDir } from '../src/go-tool.js';
import { schemaLocation, writeSchemas } from '../src/schemas.js';
import { conftest, kubeconform } from '../src/tools.js';

const CHART = join(checkoutDir, 'deploy', 'stand-ins');
const DIGEST = `@sha256:${'0'.repeat(64)}`;
const IMAGES = [
  '--set',
  `broker.image=example.azurecr.io/broker:1.2.3${DIGEST},blob.image=example.azurecr.io/blob:1.2.3${DIGEST}`,
];

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'stand-ins-'));
});

afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

test('helm lint --strict has nothing to say', async () => {
  const { ok, output } = await runHelm(['lint', CHART, '--strict', ...IMAGES]);
  expect(ok, output).toBe(true);
});

test('every object is one that Kubernetes knows, and keeps to the policies', async () => {
  const file = join(dir, 'stand-ins.yaml');
  await writeSchemas(dir);
  await writeFile(file, await render(...IMAGES));
  const schemas = ['-strict', '-schema-location', schemaLocation(dir)];
  const known = await execa(await kubeconform(), [...schemas, file], { reject: false, all: true });
  expect(known.failed, known.all).toBe(false);
  const policies = ['test', '--policy', join(deployTestDir, 'policy'), '--no-color', file];
  const kept = await execa(await conftest(), policies, { reject: false, all: true });
  expect(kept.failed, kept.all).toBe(false);
});

test('each server is told the name of its own Service', async () => {
  const objects = objectsOf(await render(...IMAGES, '--namespace', 'elsewhere'));
  for (const name of ['broker', 'blob']) {
    expect(
      objects
        .filter(({ metadata }) => metadata.name === name)
        .map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(['Deployment', 'Service']);
    expect(JSON.stringify(objects)).toContain(`--host-name=${name}.elsewhere.svc.cluster.local`);
  }
});

test('queues, topics, subscriptions and containers are those of dapr-components', async () => {
  const source = join(checkoutDir, 'dapr-components');
  const files = [...(await readdir(source)), ...(await readdir(join(source, 'topics'))).map(file => `topics/${file}`)];
  const manifests = await Promise.all(
    files
      .filter(file => file.endsWith('.yaml'))
      .map(async file => parse(await readFile(join(source, file), 'utf8')) as Manifest),
  );
  const named = (setting: string) => {
    const settings = manifests.flatMap(({ spec }) => (Array.isArray(spec.metadata) ? spec.metadata : []));
    return new Set(settings.filter(({ name }) => name === setting).map(({ value }) => value));
  };
  const subscriptions = manifests.filter(({ kind }) => kind === 'Subscription');
  const topics = new Set(subscriptions.map(({ spec }) => spec.topic));
  const readersOf = (topic: string | undefined) =>
    subscriptions.filter(({ spec }) => spec.topic === topic).flatMap(({ scopes }) => scopes ?? []);
  // As in `receiver-express=orders;orders-view=orders-dead`.
  const published = [...named('publishingScopes')].flatMap(scopes => scopes.replace(/[^;=]+=/g, '').split(/[;,]/));
  const dead = new Set(published.filter(topic => !topics.has(topic)));
  const wanted = [
    ...[...named('queueName')].map(queue => `--queue=${queue}`),
    // A subscription is named as the app id that reads it; what nobody could take is kept for a person.
    ...[...topics].map(topic => `--topic=${topic}:${readersOf(topic).toSorted()}`),
    ...[...dead].map(topic => `--topic=${topic}:kept`),
    ...[...named('containerName')].map(container => `--container=${container}`),
  ];
  const made = objectsOf(await render(...IMAGES)).filter(({ kind }) => kind === 'Deployment');
  const args = made.flatMap(({ spec }) => (spec?.template as PodTemplate | undefined)?.spec.containers[0]?.args ?? []);
  expect(args.filter(arg => /^--(queue|topic|container)=/.test(arg)).toSorted()).toEqual(wanted.toSorted());
});

test('an image without a tag of its own is refused', async () => {
  const { ok, output } = await runHelm(['template', 's', CHART, '--set', 'broker.image=example.io/broker:latest']);
  expect(ok).toBe(false);
  expect(output).toMatch(/broker/);
});

interface Manifest {
  readonly kind: string;
  readonly scopes?: readonly string[];
  readonly spec: {
    /** Of a Subscription no list. */
    readonly metadata?: readonly { readonly name: string; readonly value: string }[] | object;
    readonly topic?: string;
  };
}

interface PodTemplate {
  readonly spec: { readonly containers: readonly { readonly args: readonly string[] }[] };
}

async function render(...args: readonly string[]): Promise<string> {
  const { ok, output } = await runHelm(['template', 'stand-ins', CHART, ...args]);
  if (!ok) throw new Error(output);
  return output;
}
