import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type KubernetesObject, objectsOf, runHelm, template } from '../src/chart.js';
import { deployTestDir } from '../src/go-tool.js';
import { rowNamed } from '../src/matrix.js';
import { schemaLocation, writeSchemas } from '../src/schemas.js';
import { conftest, helm, kubeconform } from '../src/tools.js';

const CHART = join(checkoutDir, 'deploy', 'k6');
const GIVEN = ['release=express', 'contender=express', 'orders=["{}"]'];
const TESTS = ['smoke', 'load', 'stress', 'spike', 'soak', 'breakpoint', 'clients'];

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'k6-chart-'));
});

afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

test('helm lint --strict has nothing to say', async () => {
  const { ok, output } = await runHelm(['lint', CHART, '--strict', ...sets(GIVEN)]);
  expect(ok, output).toBe(true);
});

test('every object is one that Kubernetes knows, and keeps to the policies', async () => {
  const schemas = await mkdtemp(join(dir, 'schemas-'));
  await writeSchemas(schemas);
  const file = join(dir, 'job.yaml');
  await writeFile(file, await render(['appApiTokenSecret=app-token', 'ratePerSecond=200', 'durationSeconds=30']));
  const known = await execa(
    await kubeconform(),
    ['-strict', '-summary', '-schema-location', schemaLocation(schemas), file],
    { reject: false, all: true },
  );
  expect(known.failed, known.all).toBe(false);
  const policies = ['test', '--policy', join(deployTestDir, 'policy'), '--no-color', file];
  const kept = await execa(await conftest(), policies, { reject: false, all: true });
  expect(kept.failed, kept.all).toBe(false);
});

test('the schema names every test that there is', async () => {
  const names = await readdir(join(checkoutDir, 'k6', 'src', 'tests'));
  expect(names.map(name => name.replace('.ts', '')).toSorted()).toEqual(TESTS.toSorted());
});

test.each(TESTS)('the Job of %s runs its script and brings all that it imports', async name => {
  const [job, scripts] = await Promise.all([
    objectOf([`test=${name}`], 'Job'),
    objectOf([`test=${name}`], 'ConfigMap'),
  ]);
  const pod = podOf(job);
  expect(pod.spec.containers[0]?.args.at(-1)).toBe(`/scripts/tests/${name}.ts`);
  const [volume] = pod.spec.volumes;
  const paths = volume?.configMap.items?.map(({ path }) => path) ?? [];
  for (const path of [`tests/${name}.ts`, 'exercise.ts', 'shapes.ts', 'settings.ts']) expect(paths).toContain(path);
  expect(paths.filter(path => path.endsWith('.test.ts'))).toEqual([]);
  const { data } = scripts as unknown as { readonly data: Readonly<Record<string, string>> };
  expect(Object.keys(data).toSorted()).toEqual(volume?.configMap.items?.map(({ key }) => key).toSorted());
});

describe('what the pod is', () => {
  test('the network policies of the contender let it reach the app', async () => {
    const { labels } = podOf(await objectOf([], 'Job')).metadata;
    const policies = objectsOf((await template(rowNamed('express-shared-fixed-identity'))).output).filter(
      ({ kind }) => kind === 'NetworkPolicy',
    );
    const allowed = JSON.stringify(policies.find(({ metadata }) => metadata.name === 'express-distributor')?.spec);
    for (const key of ['app.kubernetes.io/component', 'order-bench/part'])
      expect(allowed).toContain(`"${key}":"${labels[key]}"`);
  });

  test('the Job fails as soon as k6 does', async () => {
    expect((await objectOf([], 'Job')).spec?.backoffLimit).toBe(0);
  });
});

test.each([
  ['an unknown test', 'test=none'],
  ['an unknown role', 'role=none'],
  ['an image without a version', 'image=grafana/k6'],
])('%s is refused', async (_, value) => {
  const { ok, output } = await runHelm(['template', 'k6', CHART, ...sets([...GIVEN, value])]);
  expect(ok).toBe(false);
  expect(output).toContain(value.split('=')[0]);
});

interface Pod {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly containers: readonly { readonly args: readonly string[] }[];
    readonly volumes: readonly {
      readonly configMap: { readonly items?: readonly { readonly key: string; readonly path: string }[] };
    }[];
  };
}

function podOf(job: KubernetesObject): Pod {
  return job.spec?.template as Pod;
}

async function objectOf(values: readonly string[], kind: string): Promise<KubernetesObject> {
  const found = objectsOf(await render(values)).find(object => object.kind === kind);
  if (found) return found;
  throw new Error(`deploy/k6 renders no ${kind}`);
}

/** Standard output alone: Helm says on the other that it followed the link to the scripts. */
async function render(values: readonly string[]): Promise<string> {
  return (await execa(await helm(), ['template', 'k6', CHART, ...sets([...GIVEN, ...values])], { stdin: 'ignore' }))
    .stdout;
}

/** As strings and with no regard for commas in them. */
function sets(values: readonly string[]): string[] {
  return values.flatMap(value => {
    const [name = '', text = ''] = value.split(/=(.*)/s);
    return ['--set-json', `${name}=${/^\d+$/.test(text) ? text : JSON.stringify(text)}`];
  });
}
