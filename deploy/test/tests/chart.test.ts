import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APP_IDS, INPUT_TOPIC } from '@order-bench/orders';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { chartDir, type KubernetesObject, lint, objectsOf, runHelm, template } from '../src/chart.js';
import { deployTestDir } from '../src/go-tool.js';
import { matrix, type Row, rowNamed } from '../src/matrix.js';
import { schemaLocation, writeSchemas } from '../src/schemas.js';
import { spinKubeCrds, WITHOUT_SPINKUBE } from '../src/spinkube-crds.js';
import { conftest, kubeconform } from '../src/tools.js';
import { merged } from '../src/values.js';

/** App ids of the Order API. */
const API_IDS = ['orders-api', 'orders-view', 'orders-worker'];

/** What stands in for queue bindings where orders travel by topics. */
const TOPIC_FILES = ['orders-topics', 't-order-ingress', 't-order-express', 't-order-standard'].map(
  name => `topics/${name}.yaml`,
);

const rows = matrix();
const rendered = new Map<string, string>();
const hasSpinKube = (await spinKubeCrds()) !== undefined;
let dir: string;
let schemasDir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'chart-'));
  schemasDir = await mkdtemp(join(tmpdir(), 'chart-schemas-'));
  await writeSchemas(schemasDir);
  for (const row of rows) {
    const { ok, output } = await template(row);
    if (!ok) throw new Error(`helm template of ${row.name} failed: ${output}`);
    rendered.set(row.name, output);
    await writeFile(join(dir, `${row.name}.yaml`), output);
  }
});

afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
  await rm(schemasDir, { recursive: true, force: true });
});

test.each(rows)('helm lint --strict has nothing to say about $name', async row => {
  const { ok, output } = await lint(row);
  expect(ok, output).toBe(true);
});

describe('kubeconform --strict', () => {
  test.for(rows)('finds every object of $name valid', async ({ name, needsSpinKube }, { skip }) => {
    if (needsSpinKube && !hasSpinKube) skip(WITHOUT_SPINKUBE);
    const { failed, all } = await execa(
      await kubeconform(),
      ['-strict', '-summary', '-schema-location', schemaLocation(schemasDir), join(dir, `${name}.yaml`)],
      { reject: false, all: true },
    );
    expect(failed, all).toBe(false);
    expect(all).toMatch(/Invalid: 0, Errors: 0, Skipped: 0/);
  });

  test('refuses a field that Kubernetes does not know', async () => {
    const file = join(dir, 'misspelt.yaml');
    const text = outputOf(rowNamed('express-shared-fixed-identity')).replaceAll('maxSurge:', 'maxSurges:');
    await writeFile(file, text);
    const result = await execa(await kubeconform(), ['-strict', '-schema-location', schemaLocation(schemasDir), file], {
      reject: false,
      all: true,
    });
    expect(result.failed).toBe(true);
    expect(result.all).toContain('maxSurges');
  });
});

describe('policies', () => {
  const policies = ['test', '--policy', join(deployTestDir, 'policy'), '--no-color', '--output', 'json'];

  test('every object of every row keeps to them', async () => {
    const files = rows.map(({ name }) => join(dir, `${name}.yaml`));
    const { failed, all } = await execa(await conftest(), [...policies, ...files], { reject: false, all: true });
    expect(failed, all).toBe(false);
  });

  test('the cgroup reader keeps to them but for the folder that it reads, and Kubernetes knows its fields', async () => {
    const file = join(checkoutDir, 'deploy', 'cluster', 'cgroup-reader.yaml');
    const { stdout } = await execa(await conftest(), [...policies, file], { reject: false });
    const [found] = JSON.parse(stdout) as { readonly failures: readonly { readonly msg: string }[] }[];
    expect(found?.failures.map(({ msg }) => msg)).toEqual([
      'DaemonSet cgroup-reader: volume cgroup is of a kind that the restricted profile forbids',
    ]);
    const schema = ['-strict', '-schema-location', schemaLocation(schemasDir)];
    const known = await execa(await kubeconform(), [...schema, file], { reject: false, all: true });
    expect(known.failed, known.all).toBe(false);
  });

  test.each([
    ['readOnlyRootFilesystem: true', 'readOnlyRootFilesystem: false', /may write to its root folder/],
    ['runAsNonRoot: true', 'runAsNonRoot: false', /may run as root/],
    ['allowPrivilegeEscalation: false', 'privileged: true', /is privileged/],
    ['allowPrivilegeEscalation: false', '', /may escalate/],
    ['drop: [ALL]', 'drop: []', /does not drop all capabilities/],
    ['type: RuntimeDefault', 'type: Unconfined', /no seccomp profile/],
    ['limits:', 'unlimited:', /has no cpu limits/],
    ['daprd:1.18.3@sha256:', 'daprd:1.18.3#', /daprd:1.18.3#\S+ is not named for good/],
    // The ServiceAccounts' own line stands at the margin: it does not stand for the pods'.
    ['      automountServiceAccountToken: false', '', /may get a token/],
    ['\nautomountServiceAccountToken: false', '', /its pods get a token/],
  ])('%s turned into "%s" is found', async (before, after, message) => {
    const file = join(dir, 'broken.yaml');
    const text = outputOf(rowNamed('express-shared-fixed-identity'));
    expect(text).toContain(before);
    await writeFile(file, text.replaceAll(before, after));
    const { failed, all } = await execa(await conftest(), [...policies, file], { reject: false, all: true });
    expect(failed).toBe(true);
    expect(all).toMatch(message);
  });
});

// Of Express six Deployments: the roles' apps and their daprds. Spin's daprds have the same, its apps variables.
test.each([
  ['express-token', 'DAPR_API_TOKEN', 'APP_API_TOKEN', 6],
  ['spin-token', 'DAPR_API_TOKEN', 'APP_API_TOKEN', 3],
  ['spin-token', 'dapr_api_token', 'app_api_token', 3],
])('%s names the Secrets of %s and %s to every process', (name, dapr, app, processes) => {
  const references = JSON.stringify(objects(name).filter(({ kind }) => kind !== 'Job'));
  for (const [variable, secret] of [
    [dapr, 'dapr-api-token'],
    [app, 'app-api-token'],
  ]) {
    const reference = { name: variable, valueFrom: { secretKeyRef: { name: secret, key: 'token' } } };
    expect(references.split(JSON.stringify(reference))).toHaveLength(processes + 1);
  }
});

test('the daprd of this repository is told of its middleware against lost messages, and a released one is not', async () => {
  const source = join(checkoutDir, 'local', 'daprd');
  const own = rowNamed('express-shared-fixed-identity');
  const values = merged(own.values, { dapr: { image: { refusesUnanswered: true } } });
  const { ok, output } = await template({ ...own, values });
  expect(ok, output).toBe(true);
  const made = objectsOf(output);
  const configuration = parse(await readFile(join(source, 'configuration.yaml'), 'utf8')) as DaprManifest;
  const component = parse(await readFile(join(source, 'resources', 'unanswered.yaml'), 'utf8')) as DaprManifest;
  expect(made.find(({ kind }) => kind === 'Configuration')?.spec).toMatchObject(configuration.spec);
  expect(made.find(({ metadata }) => metadata.name === 'unanswered')).toMatchObject({
    spec: component.spec,
    scopes: [...APP_IDS],
  });
  expect(outputOf(own)).not.toContain('unanswered');
});

test('both contenders get the same cores and memory in total', () => {
  const share = (name: string) =>
    objects(name)
      .filter(({ kind, metadata }) => kind === 'SpinApp' || (kind === 'Deployment' && !metadata.name.endsWith('-dapr')))
      .map(({ spec }) => ({
        replicas: spec?.replicas,
        resources: JSON.stringify(resourcesOf(spec ?? {})),
      }));
  expect(share('spin-shared-fixed-identity')).toEqual(share('express-shared-fixed-identity'));
  expect(share('spin-shared-fixed-identity')).toHaveLength(3);
});

test.each(rows)('every selector of $name finds pods of $name', ({ name }) => {
  const pods = objects(name).flatMap(podLabels);
  for (const selector of selectors(name)) {
    expect(
      pods.some(labels => matches(selector, labels)),
      JSON.stringify(selector),
    ).toBe(true);
  }
});

test('a packaged chart carries dapr-components, all but what is the rig’s own', async () => {
  const { ok, output } = await runHelm(['package', chartDir, '--destination', dir]);
  expect(ok, output).toBe(true);
  const [archive = ''] = (await readdir(dir)).filter(file => file.endsWith('.tgz'));
  const { stdout } = await execa('tar', ['-tzf', join(dir, archive)]);
  const packaged = stdout.split('\n').filter(file => file.includes('/dapr-components/') && file.endsWith('.yaml'));
  const wanted = (await readdir(join(checkoutDir, 'dapr-components')))
    .filter(file => file.endsWith('.yaml') && file !== 'configuration-local.yaml')
    .concat('auth/azure.yaml', 'auth/local.yaml', TOPIC_FILES);
  expect(packaged.map(file => file.replace(/^.*\/dapr-components\//, '')).toSorted()).toEqual(wanted.toSorted());
});

test('every Dapr manifest is in the cluster as it stands in dapr-components, after the way to Azure', async () => {
  const source = join(checkoutDir, 'dapr-components');
  const all = { 'spin-shared-fixed-identity': APP_IDS, 'express-sidecar-fixed-secret': APP_IDS };
  const topics = {
    'express-bulk': APP_IDS,
    'express-bulk-keda-secret': APP_IDS,
    'express-bulk-stand-ins-keda': APP_IDS,
  };
  const withApi = [...APP_IDS, ...API_IDS];
  const api = { 'spin-api': withApi, 'express-api-sidecar-secret': withApi, 'express-api-stand-ins-keda': withApi };
  for (const [name, appIds] of Object.entries({ ...all, ...topics, ...api })) {
    const files = (await readdir(source)).filter(f => f.endsWith('.yaml') && f !== 'configuration-local.yaml');
    for (const file of [...files, ...TOPIC_FILES]) {
      const manifest = parse(await readFile(join(source, file), 'utf8')) as DaprManifest;
      const made = objects(name).find(
        ({ kind, metadata }) => kind === manifest.kind && metadata.name === manifest.metadata.name,
      ) as DaprManifest | undefined;
      if (manifest.scopes && !appIds.some(appId => appId === manifest.scopes?.[0])) {
        expect(made, 'the Order API is no part of the release').toBeUndefined();
        continue;
      }
      const isOfQueues = manifest.spec.type === 'bindings.azure.servicebusqueues';
      if (name in topics ? isOfQueues : TOPIC_FILES.includes(file)) {
        expect(made, 'its orders travel by the other').toBeUndefined();
        continue;
      }
      expect(made?.scopes).toEqual(manifest.scopes);
      if (manifest.kind !== 'Component') {
        expect(made?.spec).toEqual(manifest.spec);
        continue;
      }
      const { metadata: settings = [], ...spec } = manifest.spec;
      const { metadata: madeSettings = [], ...madeSpec } = made?.spec ?? {};
      expect(madeSpec).toEqual(spec);
      expect(madeSettings.slice(madeSettings.length - settings.length)).toEqual(settings);
      expect(madeSettings.length > settings.length).toBe(`${spec.type}`.includes('.azure.'));
    }
  }
});

test('with stand-ins every daprd and KEDA is led to them, and nothing to Azure', () => {
  const name = 'express-stand-ins-keda';
  expect(outputOf(rowNamed(name))).not.toMatch(/windows\.net|azure-servicebus|secretKeyRef/);
  const metadata = objects(name)
    .filter(({ kind }) => kind === 'Component')
    .flatMap(({ spec }) => spec?.metadata as { name: string; value: string }[]);
  const valuesOf = (setting: string) => [
    ...new Set(metadata.filter(each => each.name === setting).map(each => each.value)),
  ];
  expect(valuesOf('connectionString')).toEqual([
    expect.stringContaining('sb://broker.order-bench-stand-ins.svc.cluster.local:5672;'),
  ]);
  expect(valuesOf('endpoint')).toEqual(['http://blob.order-bench-stand-ins.svc.cluster.local:10000']);
  const policies = objects(name).filter(({ kind }) => kind === 'NetworkPolicy');
  expect(JSON.stringify(policies)).not.toContain('ipBlock');
});

describe('by topics', () => {
  test('each role gets the orders of the topic, and at the route, that its program takes them by', () => {
    const made = objects('express-bulk').filter(({ kind }) => kind === 'Subscription') as unknown as Subscription[];
    const read = made.map(({ scopes, spec }) => [scopes[0], spec.topic, spec.routes.default]);
    const wanted = APP_IDS.map(appId => [appId, INPUT_TOPIC[appId], `/${INPUT_TOPIC[appId]}`]);
    expect(read.toSorted()).toEqual(wanted.toSorted());
  });

  test('KEDA scales each role by its own subscription', () => {
    const triggers = (name: string) =>
      objects(name)
        .filter(({ kind }) => kind === 'ScaledObject')
        .flatMap(({ spec }) => spec?.triggers as { metadata: Readonly<Record<string, string>> }[])
        .map(({ metadata }) => metadata);
    expect(triggers('express-bulk-keda-secret')).toEqual(
      APP_IDS.map(appId => ({
        topicName: INPUT_TOPIC[appId],
        subscriptionName: appId,
        messageCount: '500',
        namespace: 'example',
      })),
    );
    const broker = 'http://broker.order-bench-stand-ins.svc.cluster.local:5673/queues';
    expect(triggers('express-bulk-stand-ins-keda').map(({ url }) => url)).toEqual(
      APP_IDS.map(appId => `${broker}/${encodeURIComponent(`${INPUT_TOPIC[appId]}/Subscriptions/${appId}`)}`),
    );
  });
});

test.each([
  ['apps/spin', APP_IDS],
  ['apps/order-api/spin', API_IDS],
])('the components and variables of %s are those of its spin.toml', async (folder, appIds) => {
  const manifest = await readFile(join(checkoutDir, folder, 'spin.toml'), 'utf8');
  const apps = objects('spin-api')
    .filter(({ kind }) => kind === 'SpinApp')
    .map(({ spec }) => spec as unknown as SpinAppSpec)
    .filter(({ components }) => appIds.some(appId => appId === components[0]));
  expect(apps.map(({ components }) => components)).toEqual(appIds.map(appId => [appId]));
  for (const { components, variables } of apps) {
    expect(manifest).toContain(`[component.${components[0]}]`);
    for (const { name } of variables) expect(manifest).toMatch(new RegExp(`^${name} = `, 'm'));
  }
});

describe('the Order API', () => {
  test('is no part of a release that does not say so, and its contender tells nobody', () => {
    const text = outputOf(rowNamed('express-shared-fixed-identity'));
    expect(text).not.toMatch(/name: express-orders-|EVENTS/);
    expect(outputOf(rowNamed('spin-shared-fixed-identity'))).not.toMatch(/name: events/);
  });

  test('as a program is told what its descriptor names', async () => {
    const descriptor = await readFile(join(checkoutDir, 'apps', 'order-api', 'express', 'contender.json'), 'utf8');
    const known = Object.keys((JSON.parse(descriptor) as { env: object }).env);
    for (const appId of API_IDS) {
      const told = envOf('express-api', `express-${appId}`);
      expect([...known, 'WEBHOOK_ORIGIN']).toEqual(expect.arrayContaining(Object.keys(told)));
      expect(told).toMatchObject({
        APP_ID: appId,
        DAPR_URL: `http://express-${appId}-dapr.order-bench-express.svc.cluster.local:3500`,
        ALLOWED_ORIGINS: 'https://shop.example.com http://localhost:8080',
      });
    }
    expect(envOf('express-api', 'express-receiver-standard')).toMatchObject({ EVENTS: 'on' });
  });

  test.each([
    ['express-api', 'ORDERS_API_TOKEN'],
    ['spin-api-deployment', 'SPIN_VARIABLE_ORDERS_API_TOKEN'],
  ])('of %s gives its callers’ token to the role that they ask, and to helm test', (name, variable) => {
    const reference = JSON.stringify({ secretKeyRef: { name: 'orders-api-token', key: 'token' } });
    const named = objects(name).filter(object => JSON.stringify(object).includes(reference));
    const { contender } = rowNamed(name);
    expect(named.map(({ metadata }) => metadata.name)).toEqual([`${contender}-orders-api`, `${contender}-test-orders`]);
    expect(JSON.stringify(named[0])).toContain(`"${variable}"`);
  });

  test('answers every pod that asks orders-api, and of its other roles none', () => {
    const open = objects('express-api')
      .filter(({ kind }) => kind === 'NetworkPolicy')
      .filter(({ spec }) =>
        ((spec?.ingress ?? []) as Rule[]).some(({ from, ports }) => !from && ports[0]?.port === 3000),
      );
    expect(open.map(({ metadata }) => metadata.name)).toEqual(['express-orders-api']);
  });

  test('calls partners from its worker alone, and never at an address inside', () => {
    const calling = objects('express-api')
      .filter(({ kind, metadata }) => kind === 'NetworkPolicy' && !metadata.name.endsWith('-dapr'))
      .filter(({ spec }) => JSON.stringify(spec?.egress).includes('ipBlock'));
    expect(calling.map(({ metadata }) => metadata.name)).toEqual(['express-orders-worker']);
    expect(JSON.stringify(calling)).toMatch(/"except":\[.*"10\.0\.0\.0\/8".*"169\.254\.0\.0\/16".*\]/);
  });

  test.each(['express-api-stand-ins-keda', 'spin-api-keda'])(
    'of %s keeps its pods while KEDA scales the pipeline',
    name => {
      const roles = (kind: string) =>
        objects(name)
          .filter(object => object.kind === kind)
          .map(({ metadata }) => metadata.labels?.['app.kubernetes.io/component']);
      expect(roles('ScaledObject')).toEqual([...APP_IDS]);
      const { needsSpinKube } = rowNamed(name);
      const apps = objects(name).filter(
        ({ kind, metadata }) =>
          kind === (needsSpinKube ? 'SpinApp' : 'Deployment') && /orders-(api|view|worker)$/.test(metadata.name),
      );
      expect(apps.map(({ spec }) => spec?.replicas)).toEqual([1, 1, 1]);
    },
  );
});

test('no key and no connection string is rendered, whichever way leads to Azure', () => {
  for (const { name } of rows.filter(({ values }) => !('standIns' in values))) {
    expect(outputOf(rowNamed(name)), name).not.toMatch(/SharedAccessKey|AccountKey=/);
  }
});

interface Rule {
  readonly from?: unknown;
  readonly ports: readonly { readonly port: number }[];
}

interface DaprManifest extends Omit<KubernetesObject, 'spec'> {
  readonly scopes?: readonly string[];
  readonly spec: { readonly metadata?: readonly unknown[]; readonly [name: string]: unknown };
}

interface Subscription {
  readonly scopes: readonly string[];
  readonly spec: { readonly topic: string; readonly routes: { readonly default: string } };
}

interface SpinAppSpec {
  readonly components: readonly string[];
  readonly variables: readonly { readonly name: string }[];
}

type Labels = Readonly<Record<string, string>>;

function outputOf({ name }: Row): string {
  return rendered.get(name) ?? '';
}

function objects(name: string): KubernetesObject[] {
  return objectsOf(outputOf(rowNamed(name)));
}

/** Environment of a Deployment's container; of what comes from a Secret undefined. */
function envOf(row: string, deployment: string): Readonly<Record<string, string | undefined>> {
  const found = objects(row).find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === deployment);
  const made = found?.spec?.template as { spec: { containers: { env: Variable[] }[] } } | undefined;
  return Object.fromEntries(made?.spec.containers[0]?.env.map(({ name, value }) => [name, value]) ?? []);
}

interface Variable {
  readonly name: string;
  readonly value?: string;
}

function resourcesOf(spec: Record<string, unknown>): unknown {
  if (spec.resources) return spec.resources;
  const { template: made } = spec as { template: { spec: { containers: { resources: unknown }[] } } };
  return made.spec.containers[0]?.resources;
}

/** Labels of the pods that an object makes; of a SpinApp those that spin-operator adds are left out. */
function podLabels({ kind, spec }: KubernetesObject): Labels[] {
  if (kind === 'SpinApp') return [spec?.podLabels as Labels];
  const made = spec?.template as { metadata?: { labels?: Labels } } | undefined;
  return made?.metadata?.labels ? [made.metadata.labels] : [];
}

/** Each set of labels by which an object of the row looks for pods of its own release. */
function selectors(name: string): Labels[] {
  return objects(name).flatMap(({ kind, spec }) => {
    if (kind === 'Service') return [spec?.selector as Labels];
    if (!['NetworkPolicy', 'PodDisruptionBudget', 'Deployment'].includes(kind)) return [];
    const found = JSON.stringify(spec).matchAll(/"matchLabels":(\{[^{}]*\})/g);
    return [...found]
      .map(([, labels = '{}']) => JSON.parse(labels) as Labels)
      .filter(labels => 'app.kubernetes.io/instance' in labels);
  });
}

function matches(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([name, value]) => labels[name] === value);
}
