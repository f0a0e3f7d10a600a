import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { stringify } from 'yaml';
import { chartDir, withValuesFile } from '../chart.js';
import type { Values } from '../values.js';
import type { Cluster } from './cluster.js';
import { ACCOUNT_KEY, DIRECT_CONNECTIONS, SERVICE_BUS_CONNECTION } from './stand-ins.js';

/** A release of the chart on a cluster. */
export interface ReleaseOptions {
  readonly cluster: Cluster;
  /** Name of the release, and the end of its namespace's. */
  readonly name: string;
  /** Of Kubernetes' Pod Security Standards; the namespace enforces it. */
  readonly profile: 'restricted' | 'baseline';
  readonly values: Values;
  /** Folder of the chart; that of this checkout unless given. */
  readonly chart?: string;
  /** How long all may take to be ready; 3 min unless given. */
  readonly readyLimitSeconds?: number;
}

/** A release of deploy/chart that is installed. */
export interface Release {
  readonly namespace: string;
  /** Throws what `helm test` is not content with, and what its pod said. */
  test(): Promise<void>;
  upgrade(values: Values): Promise<void>;
  /** Uninstalls it, and gives what is left in its namespace that was not there before it. */
  uninstall(): Promise<string[]>;
}

/**
 * Installs the chart in a namespace of its own, and returns when all is ready.
 *
 * @throws Error with what became of its pods, where they do not get ready.
 */
export async function installRelease(options: ReleaseOptions): Promise<Release> {
  const { cluster, name, profile, values, chart = chartDir, readyLimitSeconds = 180 } = options;
  const wait = ['--wait', '--timeout', `${readyLimitSeconds}s`];
  const namespace = `order-bench-${name}`;
  const inNamespace = ['--namespace', namespace];
  await cluster.kubectl(['apply', '--filename', '-'], {
    input: stringify({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': profile } },
    }),
  });
  const secrets = {
    [CONNECTION_SECRET]: { storageAccountKey: ACCOUNT_KEY, serviceBusConnectionString: SERVICE_BUS_CONNECTION },
    [API_TOKEN_SECRET]: { token: API_TOKEN },
  };
  for (const [secret, stringData] of Object.entries(secrets)) {
    await cluster.kubectl(['apply', ...inNamespace, '--filename', '-'], {
      input: stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: secret }, stringData }),
    });
  }
  const before = await objectsOf(cluster, namespace);
  const uninstall = async () => {
    await cluster.helm(['uninstall', name, ...inNamespace, ...wait]);
    await cluster.kubectl(['delete', 'jobs', '--all', ...inNamespace]);
    await cluster.kubectl(['wait', 'pods', '--all', '--for=delete', '--timeout=120s', ...inNamespace]);
    return (await objectsOf(cluster, namespace)).filter(object => !before.includes(object));
  };
  await withValuesFile(values, async file => {
    try {
      await cluster.helm(['install', name, chart, ...inNamespace, '--values', file, ...wait]);
    } catch (error) {
      const found = await state(cluster, namespace);
      await uninstall();
      throw new Error(`${error instanceof Error ? error.message : error}\n${found}`);
    }
  });
  return {
    namespace,
    uninstall,
    async test() {
      try {
        await cluster.helm(['test', name, ...inNamespace]);
      } catch (error) {
        const logs = await cluster.kubectl(['logs', '--selector', OF_THE_TEST, ...inNamespace]).catch(String);
        throw new Error(`${error instanceof Error ? error.message : error}\n${logs}`);
      }
    },
    async upgrade(changed) {
      await withValuesFile(changed, file =>
        cluster.helm(['upgrade', name, chart, ...inNamespace, '--values', file, ...wait]),
      );
    },
  };
}

/** As the chart labels the pod of its test. */
const OF_THE_TEST = 'app.kubernetes.io/component=helm-test';

/** Secret with the connections, made beside the release as a user makes it. */
export const CONNECTION_SECRET = 'azure-connection';

/** Secret with what callers of the Order API show, and that itself. */
export const API_TOKEN_SECRET = 'orders-api-token';
export const API_TOKEN = 'token-of-the-node';

/** What a run of bench is asked for. */
export interface OrdersOptions {
  readonly cluster: Cluster;
  readonly contender: string;
  readonly orders: number;
}

/**
 * Sends orders through what is installed by `bench run`, which looks for every single one.
 *
 * @returns what it printed.
 * @throws Error where an order is missing, altered or in the wrong place.
 */
export async function sendOrders({ cluster, contender, orders }: OrdersOptions): Promise<string> {
  const results = await mkdtemp(join(tmpdir(), 'node-results-'));
  const bench = join(checkoutDir, 'bench', 'dist', 'main.js');
  const flags = ['--target', 'azure', '--contenders', contender, '--orders', `${orders}`, '--warm-up', '100'];
  try {
    return await cluster.namespaces.run({
      command: [process.execPath, bench, 'run', ...flags, '--results', results],
      env: { ...cluster.env, ...DIRECT_CONNECTIONS },
    });
  } finally {
    await rm(results, { recursive: true, force: true });
  }
}

/** Everything in a namespace but events and what Kubernetes puts into each, as `kind/name`. */
async function objectsOf(cluster: Cluster, namespace: string): Promise<string[]> {
  const kinds = await cluster.kubectl(['api-resources', '--verbs=list', '--namespaced', '--output=name']);
  const wanted = kinds.split('\n').filter(kind => !/^(events|endpoints|pods\.metrics)(\.|$)/.test(kind));
  const names = await cluster.kubectl(['get', wanted.join(','), '--namespace', namespace, '--output=name']);
  return names.split('\n').filter(name => name !== '');
}

/** What a namespace's pods say of themselves, for a failure's message. */
async function state(cluster: Cluster, namespace: string): Promise<string> {
  const ask = (...args: readonly string[]) =>
    cluster.kubectl([...args, '--namespace', namespace]).catch(error => String(error));
  return [await ask('get', 'pods', '--output=wide'), await ask('get', 'events', '--sort-by=.lastTimestamp')].join('\n');
}
