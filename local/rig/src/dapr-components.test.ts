import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkoutDir } from './checkout.js';
import { type DaprTargetValues, fillIn, renderDaprComponents, withAuth } from './dapr-components.js';
import { daprSettings } from './dapr-settings.js';

const VALUES: DaprTargetValues = {
  serviceBusConnectionString: 'Endpoint=sb://127.0.0.1:5672;SharedAccessKey=a"b\\c;UseDevelopmentEmulator=true;',
  storageAccountName: 'devstoreaccount1',
  storageAccountKey: 'a2V5',
  storageEndpoint: 'http://127.0.0.1:10000',
};
const SOURCE_DIR = join(checkoutDir, 'dapr-components');
const QUEUES = [
  'q-order-ingress',
  'q-order-express-out',
  'q-order-standard-out',
  'q-order-express-in',
  'q-order-standard-in',
  'q-order-ingress-out',
  'q-webhooks',
  'q-webhooks-out',
  'q-jobs',
  'q-jobs-out',
];
const OUTBOXES = ['express-outbox', 'standard-outbox'];

const OTHERS = ['orders-state', 'orders-cache', 'orders-events', 'orders-events-view', 'orders-events-worker'];

const PIPELINE = ['distributor', 'receiver-express', 'receiver-standard'];
const APP_IDS = [...PIPELINE, 'orders-api', 'orders-view', 'orders-worker'];
const RIG = {
  queues: ['q-order-ingress', 'q-order-express', 'q-order-standard', 'q-webhooks', 'q-jobs'],
  topics: ['orders', 'orders-dead'],
};
const ORDER_TOPICS = ['t-order-ingress', 't-order-express', 't-order-standard'];

let outDir: string;

beforeEach(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'dapr-components-'));
  await renderDaprComponents({ ...RIG, values: VALUES, outDir, appIds: APP_IDS });
});

afterEach(() => rm(outDir, { recursive: true, force: true }));

test('every manifest of its queues and topics is rendered, for its owner alone', async () => {
  const expected = [...QUEUES, ...OUTBOXES, ...OTHERS, 'configuration', 'configuration-local', 'resiliency']
    .map(name => `${name}.yaml`)
    .sort();
  expect((await readdir(outDir)).sort()).toEqual(expected);
  for (const file of expected) expect((await stat(join(outDir, file))).mode & 0o777).toBe(0o600);
});

test('what belongs to an app that the rig has not is left out', async () => {
  await rm(outDir, { recursive: true });
  await renderDaprComponents({ ...RIG, values: VALUES, outDir, appIds: PIPELINE, topics: [] });
  const files = await readdir(outDir);
  expect(files).toContain('q-order-ingress.yaml');
  expect(files).toContain('resiliency.yaml');
  for (const name of [...OTHERS, 'q-webhooks', 'q-order-ingress-out']) expect(files).not.toContain(`${name}.yaml`);
});

test('a rig with topics in place of queues has what subscribes in bulk to them, and no binding of a queue', async () => {
  await rm(outDir, { recursive: true });
  await renderDaprComponents({ values: VALUES, outDir, appIds: PIPELINE, queues: [], topics: ORDER_TOPICS });
  const others = [...OUTBOXES, 'configuration', 'configuration-local', 'resiliency'];
  const expected = [...ORDER_TOPICS, 'orders-topics', ...others].map(name => `${name}.yaml`).sort();
  expect((await readdir(outDir)).sort()).toEqual(expected);
  expect(await metadata('orders-topics')).toMatchObject({ connectionString: VALUES.serviceBusConnectionString });
  for (const [index, topic] of ORDER_TOPICS.entries()) {
    expect(await manifest(topic)).toMatchObject({
      spec: {
        ...{ pubsubname: 'orders-topics', topic, routes: { default: `/${topic}` }, metadata: { rawPayload: 'true' } },
        bulkSubscribe: { enabled: true, maxMessagesCount: 100 },
      },
      scopes: [PIPELINE[index]],
    });
  }
});

test('receivers alone can publish where there are topics of events', async () => {
  await rm(outDir, { recursive: true });
  await renderDaprComponents({ ...RIG, values: VALUES, outDir, appIds: PIPELINE });
  expect(OTHERS.filter(name => existsSync(join(outDir, `${name}.yaml`)))).toEqual(['orders-events']);
});

test('components get the development credentials, unharmed by quotes and backslashes', async () => {
  for (const name of QUEUES) {
    expect(await metadata(name)).toMatchObject({ connectionString: VALUES.serviceBusConnectionString });
  }
  for (const name of OUTBOXES) {
    expect(await metadata(name)).toMatchObject({
      accountName: VALUES.storageAccountName,
      accountKey: VALUES.storageAccountKey,
      endpoint: VALUES.storageEndpoint,
      containerName: name,
    });
  }
});

test('each component has one direction, one app, and leaves queues and containers as they are', async () => {
  const scopes = Object.fromEntries(
    await Promise.all([...QUEUES, ...OUTBOXES].map(async name => [name, (await manifest(name)).scopes])),
  );
  expect(scopes).toEqual({
    'q-order-ingress': ['distributor'],
    'q-order-express-out': ['distributor'],
    'q-order-standard-out': ['distributor'],
    'q-order-express-in': ['receiver-express'],
    'q-order-standard-in': ['receiver-standard'],
    'q-order-ingress-out': ['orders-api', 'orders-worker'],
    'express-outbox': ['receiver-express', 'orders-api', 'orders-view'],
    'standard-outbox': ['receiver-standard', 'orders-api', 'orders-view'],
    'q-webhooks': ['orders-worker'],
    'q-webhooks-out': ['orders-worker', 'orders-api'],
    'q-jobs': ['orders-worker'],
    'q-jobs-out': ['orders-worker', 'orders-api'],
  });
  for (const name of [...QUEUES, ...OUTBOXES]) {
    const direction =
      ['q-order-ingress', 'q-webhooks', 'q-jobs'].includes(name) || name.endsWith('-in') ? 'input' : 'output';
    expect(await metadata(name)).toMatchObject({ direction, disableEntityManagement: 'true' });
  }
});

test('every input binding, and the subscription to events, is retried while the next step is away', async () => {
  const { spec } = await manifest('resiliency');
  const inputs = [
    'q-order-ingress',
    'q-order-express-in',
    'q-order-standard-in',
    'orders-events',
    'orders-topics',
    'q-webhooks',
    'q-jobs',
  ];
  expect(Object.keys(spec.targets.components)).toEqual(inputs);
  for (const name of inputs) {
    const { timeout, retry } = spec.targets.components[name].inbound;
    expect(spec.policies.timeouts).toHaveProperty([timeout]);
    expect(spec.policies.retries).toHaveProperty([retry]);
  }
});

test('events go to subscriptions with the names of their app ids, and what they drop to a topic of its own', async () => {
  expect(await metadata('orders-events')).toMatchObject({ connectionString: VALUES.serviceBusConnectionString });
  for (const role of ['view', 'worker']) {
    expect(await manifest(`orders-events-${role}`)).toMatchObject({
      spec: { pubsubname: 'orders-events', topic: 'orders', deadLetterTopic: 'orders-dead' },
      scopes: [`orders-${role}`],
    });
  }
});

test('handlers set what an input binding takes at once, and nothing of any other manifest', async () => {
  const before = await texts();
  await renderDaprComponents({ ...RIG, values: VALUES, outDir, appIds: APP_IDS, handlers: 5 });
  const changed = Object.entries(await texts()).filter(([file, text]) => text !== before[file]);
  expect(changed.map(([file]) => file)).toEqual([
    'orders-events.yaml',
    'q-jobs.yaml',
    'q-order-express-in.yaml',
    'q-order-ingress.yaml',
    'q-order-standard-in.yaml',
    'q-webhooks.yaml',
  ]);
  for (const settings of Object.values(await daprSettings(outDir))) {
    expect(settings).toMatchObject({ maxActiveMessages: '5', maxConcurrentHandlers: '5', lockRenewalInSec: '20' });
  }
});

test('targets differ by the auth block alone', async () => {
  const azure = parse(await readFile(join(SOURCE_DIR, 'auth', 'azure.yaml'), 'utf8'));
  const local = parse(await readFile(join(SOURCE_DIR, 'auth', 'local.yaml'), 'utf8'));
  expect(Object.keys(azure)).toEqual(Object.keys(local));
  for (const name of [...QUEUES, ...OUTBOXES]) {
    const source = await readFile(join(SOURCE_DIR, `${name}.yaml`), 'utf8');
    const own = parse(source).spec.metadata;
    for (const auth of [azure, local]) {
      const rendered = parse(withAuth(source, auth)).spec;
      expect(rendered.metadata).toEqual([...auth[rendered.type], ...own]);
    }
  }
});

test('a placeholder without a value and a component without an auth block are errors that name them', () => {
  expect(() => fillIn('value: "{storageAccountName}"', {})).toThrow('{storageAccountName}');
  const manifest = 'kind: Component\nmetadata: {name: cache}\nspec: {type: state.redis, metadata: []}';
  expect(() => withAuth(manifest, {})).toThrow(/cache.*state\.redis/);
});

/** Every rendered file by its name. */
async function texts(): Promise<Record<string, string>> {
  const files = (await readdir(outDir)).sort();
  return Object.fromEntries(
    await Promise.all(files.map(async file => [file, await readFile(join(outDir, file), 'utf8')])),
  );
}

async function manifest(name: string) {
  return parse(await readFile(join(outDir, `${name}.yaml`), 'utf8'));
}

async function metadata(name: string): Promise<Record<string, string>> {
  const items: { name: string; value: string }[] = (await manifest(name)).spec.metadata;
  return Object.fromEntries(items.map(({ name, value }) => [name, value]));
}
