import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { APP_IDS } from '@order-bench/orders';
import { checkoutDir } from '@order-bench/rig';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { findContender } from '../contenders/contender.js';
import { QUEUES } from '../workload/pipeline.js';
import { composeText } from './compose.js';

test('compose.yaml is what make compose makes', async () => {
  expect(await readFile(join(checkoutDir, 'compose.yaml'), 'utf8')).toBe(await composeText('express-ts'));
});

test('the apps are started as their descriptor says, and each daprd is beside its app', async () => {
  const { services } = await composed('express-ts');
  const { start, env = {} } = await findContender('express-ts');
  for (const appId of APP_IDS) {
    const { command, environment } = services[appId] ?? {};
    expect(command).toEqual(start.map(word => (word === '{node}' ? 'node' : word)));
    expect(Object.keys(environment ?? {})).toEqual(Object.keys(env));
    expect(environment).toMatchObject({
      APP_ID: appId,
      APP_PORT: '3000',
      DAPR_HTTP_HOST: '127.0.0.1',
      DAPR_HTTP_PORT: '3500',
    });
    const daprd = services[`daprd-${appId}`];
    expect(daprd?.network_mode).toBe(`service:${appId}`);
    expect(daprd?.command).toEqual(expect.arrayContaining(['--app-id', appId, '--app-port', '3000']));
  }
});

test('broker and blob server have what the pipeline needs, and daprds are told where they are', async () => {
  const { services, configs } = await composed('express-ts');
  for (const queue of QUEUES) expect(services.broker?.command).toContain(queue);
  for (const container of ['express-outbox', 'standard-outbox']) expect(services.blob?.command).toContain(container);
  expect(configs['q-order-ingress']?.content).toContain('Endpoint=sb://broker:5672;');
  expect(configs['express-outbox']?.content).toContain('http://blob:10000');
  const mounted = services['daprd-distributor']?.configs?.map(({ source }) => source);
  expect(mounted).toEqual(Object.keys(configs));
});

test('everything that is published is so on 127.0.0.1 alone', async () => {
  const { services } = await composed('express-ts');
  const ports = Object.values(services).flatMap(({ ports = [] }) => ports);
  expect(ports).toHaveLength(5);
  for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
});

test('another Node contender has its own image; what has none is refused by name', async () => {
  expect((await composed('null-ts')).services.distributor?.build).toMatchObject({ args: { APP: 'null' } });
  for (const name of ['spin-ts', 'warp-rust', 'rig-direct'])
    await expect(composeText(name)).rejects.toThrow(`${name} has no image for Compose`);
});

interface Composed {
  readonly services: Readonly<Record<string, Service>>;
  readonly configs: Readonly<Record<string, { readonly content: string }>>;
}

interface Service {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly network_mode?: string;
  readonly configs?: readonly { readonly source: string }[];
  readonly build?: unknown;
}

async function composed(name: string): Promise<Composed> {
  return parse(await composeText(name)) as Composed;
}
