import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ServiceBusClient } from '@azure/service-bus';
import { BlobServiceClient } from '@azure/storage-blob';
import { APP_IDS } from '@order-bench/orders';
import { checkoutDir, type Rig, type RigOptions, startRig } from '@order-bench/rig';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { appsOf } from '../src/contenders/apps.js';
import type { ReadyContender } from '../src/contenders/build.js';
import { prepare } from '../src/contenders/prepare.js';
import { readResults } from '../src/results/read-results.js';
import { isCorrect } from '../src/results/result.js';
import { makeOutboxes } from '../src/verify/blob-store.js';
import { INGRESS_QUEUE, OUTBOXES, pipelineOf, QUEUES } from '../src/workload/pipeline.js';

const KUBECTL = fileURLToPath(new URL('../test-apps/kubectl', import.meta.url));
const LONG = { timeout: 300_000 };
const ORDERS = 300;
const BRIEF_RUN = ['run', '--contenders', 'express-ts', '--orders', `${ORDERS}`, '--warm-up', '200'];

// The way to a cluster, against a rig that was started beforehand: queues and blobs as Azure's, by connection string and
// with data rights alone, or as the cluster's own, and the cluster through kubectl, of which a stand-in shows the rig's
// processes as pods.
describe('bench run on a cluster', () => {
  let installed: Installed;
  let rig: Rig;
  const calls = async () => (await readFile(join(installed.folder, 'calls'), 'utf8')).trim().split('\n');
  const bench = (...args: string[]) => installed.bench('azure', ...args);
  const stored = () => storedBy(installed);

  beforeAll(async () => {
    installed = await install('express-ts', { queues: QUEUES });
    rig = installed.rig;
  }, 120_000);

  beforeEach(async () => {
    const { folder } = installed;
    // Everything is up, as it was installed.
    const scaled = (await readdir(folder)).filter(file => file.endsWith('.scaled'));
    await Promise.all(scaled.map(file => rm(join(folder, file), { force: true })));
    await writeFile(join(folder, 'calls'), '');
  });

  afterAll(async () => {
    await rig?.stop();
  }, 60_000);

  it('refuses to empty a container that it did not fill, and changes nothing', LONG, async () => {
    const blobs = BlobServiceClient.fromConnectionString(rig.blobConnectionString);
    await makeOutboxes(blobs);
    const foreign = blobs.getContainerClient(OUTBOXES[0] as string).getBlockBlobClient('invoice-1');
    await foreign.upload('theirs', 6);
    const { exitCode, all } = await bench(...BRIEF_RUN);
    expect(exitCode, all).toBe(2);
    expect(all).toContain(`a run would empty the container ${OUTBOXES[0]}`);
    expect(all).toContain('--force');
    expect((await foreign.downloadToBuffer()).toString()).toBe('theirs');
    expect((await calls()).filter(call => call.startsWith('scale'))).toEqual([]);
    await foreign.delete();
  });

  it('measures a contender that is installed, with the times of ETags and the CPU of pods', LONG, async () => {
    const { exitCode, all } = await bench(...BRIEF_RUN);
    expect(exitCode, all).toBe(0);
    expect(all).not.toContain('SharedAccessKey');
    const [result] = await stored();
    expect(result).toMatchObject({
      target: 'azure',
      contender: 'express-ts',
      status: 'complete',
      timing: { resolution: 'exact' },
      correctness: { written: ORDERS, missing: 0, duplicateWrites: null, redeliveries: null },
      environment: { cpu: 'Standard_D2pds_v5 (amd64)', cores: 2 },
      settings: {
        framework: 'express',
        replicasPerRole: 1,
        app: { limits: { cpu: '1', memory: '512Mi' } },
        daprd: { bindings: { 'q-order-ingress': { maxActiveMessages: '16' } } },
      },
    });
    if (!result) return;
    expect(isCorrect(result), all).toBe(true);
    expect(result.processes.map(({ name }) => name).sort()).toEqual([
      ...APP_IDS.map(appId => `app-${appId}`),
      'bench',
      ...APP_IDS.map(appId => `daprd-${appId}`),
    ]);
    // The clocks are this machine's own.
    for (const offset of [result.timing.clockOffsets?.blobs, result.timing.clockOffsets?.queue]) {
      expect(Math.abs(offset?.offsetMs ?? 1e9)).toBeLessThanOrEqual((offset?.uncertaintyMs ?? 0) + 2);
    }

    const made = await calls();
    const scaled = made.filter(call => call.startsWith('scale'));
    const names = (part: '' | '-dapr') => APP_IDS.map(appId => `express-${appId}${part}`);
    const scaling = (name: string, replicas: number) =>
      `scale deployment ${name} --namespace order-bench-express --replicas=${replicas}`;
    expect(scaled.slice(0, 6).sort()).toEqual([...names(''), ...names('-dapr')].map(name => scaling(name, 0)).sort());
    // Apps first, then their daprds.
    expect(scaled.slice(6, 9).sort()).toEqual(
      names('')
        .map(name => scaling(name, 1))
        .sort(),
    );
    expect(scaled.slice(9).sort()).toEqual(
      names('-dapr')
        .map(name => scaling(name, 1))
        .sort(),
    );
  });

  it('measures it with queues and blobs inside the cluster too, with their own records', LONG, async () => {
    const { exitCode, all } = await installed.bench('kubernetes', ...BRIEF_RUN);
    expect(exitCode, all).toBe(0);
    const result = (await stored()).find(({ target }) => target === 'kubernetes');
    expect(result).toMatchObject({
      contender: 'express-ts',
      status: 'complete',
      timing: { resolution: 'exact' },
      correctness: { written: ORDERS, missing: 0, duplicateWrites: 0, redeliveries: 0 },
      settings: { host: 'kubernetes', blobs: 'local', nodes: 1 },
    });
    expect(result?.hops.map(({ source }) => source)).toEqual(expect.arrayContaining(['broker', 'daprd']));
    expect(result?.processes.filter(({ role }) => role === 'rig').map(({ name }) => name)).toEqual(['broker', 'blob']);
  });

  it('is for Azure alone that names of Azure are given', LONG, async () => {
    const { exitCode, all } = await installed.bench('kubernetes', ...BRIEF_RUN, '--force');
    expect({ exitCode, all }).toMatchObject({ exitCode: 2, all: expect.stringContaining('are for --target azure') });
  });

  it('calls a run void from whose queues somebody else receives', LONG, async () => {
    const theirs = new ServiceBusClient(rig.serviceBusConnectionString);
    const receiver = theirs.createReceiver('q-order-express', { receiveMode: 'receiveAndDelete' });
    const taking = receiver.receiveMessages(1, { maxWaitTimeInMs: 240_000 });
    const { exitCode, all } = await bench('run', '--contenders', 'express-ts', '--orders', '50', '--mode', 'cold');
    expect(await taking).toHaveLength(1);
    await theirs.close();
    expect(exitCode, all).toBe(1);
    expect((await stored()).find(({ mode }) => mode === 'cold')).toMatchObject({
      status: 'void',
      reason: expect.stringMatching(
        /^1 of 50 orders are not written .*; somebody else receives from the delivery queues: 1 of 50 messages left it past/,
      ),
    });
  });

  it('refuses what the chart decides, and a contender that is not installed', LONG, async () => {
    const handlers = await bench('run', '--contenders', 'express-ts', '--handlers', '4');
    expect(handlers).toMatchObject({
      exitCode: 2,
      all: expect.stringContaining('--handlers sets nothing on a cluster'),
    });
    const missing = await bench('run', '--contenders', 'null-ts');
    expect(missing).toMatchObject({
      exitCode: 2,
      all: expect.stringContaining('null is not installed on the cluster of kubectl’s context, there is express'),
    });
  });
});

describe('bench run on a cluster, of a contender by topics', () => {
  let installed: Installed;

  beforeAll(async () => {
    const { topics } = pipelineOf({ transport: 'topics' }).entities;
    // The clock is read by a queue, which every broker on a cluster has.
    installed = await install('express-ts-bulk', { queues: [INGRESS_QUEUE], topics });
  }, 120_000);

  afterAll(async () => {
    await installed?.rig.stop();
  }, 60_000);

  it('measures it with broker and blobs inside the cluster', LONG, async () => {
    const run = ['run', '--contenders', 'express-ts-bulk', '--orders', `${ORDERS}`, '--warm-up', '200'];
    const { exitCode, all } = await installed.bench('kubernetes', ...run);
    expect(exitCode, all).toBe(0);
    const [result] = await storedBy(installed);
    expect(result).toMatchObject({
      contender: 'express-ts-bulk',
      status: 'complete',
      settings: { host: 'kubernetes', transport: 'topics, in bulk' },
      // Of orders that come in bulk Dapr times their calls, each with many.
      hops: [],
    });
    expect(result && isCorrect(result), all).toBe(true);
  });
});

/** A contender on what `kubectl` shows as a cluster, and the bench for it. */
interface Installed {
  readonly rig: Rig;
  readonly folder: string;
  readonly results: string;
  bench(target: 'azure' | 'kubernetes', ...args: string[]): Promise<{ exitCode?: number | undefined; all: string }>;
}

async function storedBy({ results }: Installed) {
  return (await readResults(results)).map(({ result }) => result);
}

/** Starts a rig with a contender, and shows it as installed by its chart. */
async function install(name: string, entities: Pick<RigOptions, 'queues' | 'topics'>): Promise<Installed> {
  const folder = await mkdtemp(join(tmpdir(), 'order-bench-azure-'));
  const { daprd, contenders } = await prepare({ contenders: [name], runtime: [] });
  const { contender, runtime } = contenders.get(name) as ReadyContender;
  const rig = await startRig({
    runDir: folder,
    ...entities,
    apps: appsOf(contender, APP_IDS, runtime),
    blobs: 'local',
    daprd: daprd.command,
  });
  const metricsUrls = new Map(rig.daprs.map(({ name, metricsUrl }) => [name, metricsUrl]));
  const port = (url: string | undefined) => Number(new URL(url ?? '').port);
  const ports: Readonly<Record<string, Readonly<Record<number, number>>>> = {
    broker: { 5672: Number(/:(\d+);/.exec(rig.serviceBusConnectionString)?.[1]), 5673: port(rig.urls.broker) },
    blob: {
      10000: Number(/127\.0\.0\.1:(\d+)/.exec(rig.blobConnectionString)?.[1]),
      10080: port(rig.urls.blob),
    },
  };
  const pods = rig.supervisor.processes.map(({ name, role, pid }) => ({
    name,
    role: name.replace(/^(app|daprd)-/, ''),
    part: role,
    pid,
    metricsUrl: metricsUrls.get(name),
    ports: ports[name],
  }));
  const cluster = { namespace: `order-bench-${contender.chart}`, contender: contender.chart, node: 'node-1', pods };
  await writeFile(join(folder, 'cluster.json'), JSON.stringify({ ...cluster, calls: join(folder, 'calls') }));
  const results = await mkdtemp(join(tmpdir(), 'results-'));
  return {
    ...{ rig, folder, results },
    bench: (target, ...args) =>
      execa('node', [join(checkoutDir, 'bench/dist/main.js'), ...args, '--target', target, '--results', results], {
        reject: false,
        all: true,
        env: {
          PATH: `${KUBECTL}${delimiter}${process.env.PATH}`,
          FAKE_CLUSTER: join(folder, 'cluster.json'),
          SERVICEBUS_CONNECTION_STRING: rig.serviceBusConnectionString,
          BLOB_CONNECTION_STRING: rig.blobConnectionString,
        },
      }),
  };
}
