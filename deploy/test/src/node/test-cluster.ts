import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutDir, standIn } from '@order-bench/rig';
import { stringify } from 'yaml';
import { deployTestDir } from '../go-tool.js';
import type { Archive } from '../image/archive.js';
import {
  archived,
  coreDnsImage,
  daprControlPlaneImages,
  daprdImage,
  nodeAppImage,
  PAUSE_IMAGE,
  spinStandInImage,
  TAG,
  toolImages,
} from '../image/node-images.js';
import type { Values } from '../values.js';
import { type Cluster, startCluster } from './cluster.js';
import { DAPR_VERSION, installDapr } from './dapr.js';
import { installDns } from './dns.js';
import { API_TOKEN_SECRET, CONNECTION_SECRET } from './release.js';
import { ACCOUNT, AZURE_HOSTS, SERVICE_BUS_HOST, startStandIns } from './stand-ins.js';

/** A cluster with everything that the chart expects, and the contenders' images. */
export interface TestCluster {
  readonly cluster: Cluster;
  /** What the chart has to be told here: small pods, the images of this checkout, the stand-ins. */
  values(contender: string): Values;
}

/** What the chart's own test runs in. Images of others are made here, and so have other digests. */
export const CURL_IMAGE = 'docker.io/curlimages/curl:8.16.0';
/** Images of others that the chart and the add-ons name. */
const OTHERS = [CURL_IMAGE, 'docker.io/library/busybox:1.37.0'];

/**
 * Makes images of this checkout, starts a cluster, and installs Dapr, the reader of cgroups, and what stands for Azure.
 *
 * @param apps contenders that are Node programs, and the Order API, by their folders under `apps`.
 */
export async function startTestCluster(apps: readonly string[]): Promise<TestCluster> {
  const [pause, ...others] = await toolImages(OTHERS);
  if (!pause) throw new Error(`there is no image ${PAUSE_IMAGE}`);
  const contenders = new Map<string, Archive>();
  for (const app of apps) contenders.set(app, await archived(await nodeAppImage(app)));
  contenders.set('spin', await archived(await spinStandInImage()));
  const rest = [
    await coreDnsImage(),
    await daprdImage(DAPR_VERSION),
    ...(await daprControlPlaneImages(DAPR_VERSION)),
    ...others,
  ];
  const archives = await Promise.all(rest.map(archived));
  const cluster = await startCluster({
    images: [await archived(pause), ...contenders.values(), ...archives],
    runtimes: { 'spin-v2': join(deployTestDir, 'node', 'spin-runc') },
  });
  try {
    await installDns(cluster, AZURE_HOSTS);
    await startStandIns(cluster);
    const reader = await readFile(join(checkoutDir, 'deploy', 'cluster', 'cgroup-reader.yaml'), 'utf8');
    await cluster.kubectl(['apply', '--filename', '-'], { input: withoutDigests(reader) });
    await cluster.kubectl(['apply', '--filename', '-'], { input: stringify(spinClass((await standIn()).version)) });
    await installDapr(cluster);
    await cluster.kubectl([
      ...['rollout', 'status', 'daemonset/cgroup-reader', '--namespace', 'order-bench-system', '--timeout=120s'],
    ]);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  const imageOf = (app: string) => ({
    repository: `localhost/order-bench/${app}`,
    tag: TAG,
    digest: contenders.get(app)?.digest ?? '',
  });
  return {
    cluster,
    values: contender => ({
      ...VALUES,
      runtime: contender === 'spin' ? 'spin' : 'program',
      contender,
      image: imageOf(contender),
      orderApi: { ...API_PODS, image: imageOf('order-api/express'), tokenSecret: API_TOKEN_SECRET },
    }),
  };
}

/** As runtime-class-manager makes it; what answers to its handler here is the stand-in, and bench is told so. */
function spinClass(version: string): unknown {
  return {
    apiVersion: 'node.k8s.io/v1',
    kind: 'RuntimeClass',
    metadata: { name: 'wasmtime-spin-v2', annotations: { 'order-bench/stand-in': version } },
    handler: 'spin-v2',
  };
}

/** For one node without pools, on which all pods run at once: little is asked for, and a core is the most that one takes. */
const SMALL: Values = {
  replicas: 1,
  resources: { requests: { cpu: '50m', memory: '256Mi' }, limits: { cpu: '1', memory: '256Mi' } },
  nodeSelector: { 'order-bench/pool': null },
  tolerations: [],
};
/** The Order API runs where its contender does. */
const API_PODS: Values = { replicas: SMALL.replicas, resources: SMALL.resources };
const VALUES: Values = {
  app: SMALL,
  dapr: { ...SMALL, image: { repository: 'localhost/dapr/daprd', tag: DAPR_VERSION, refusesUnanswered: true } },
  test: { image: CURL_IMAGE },
  azure: {
    serviceBusNamespace: SERVICE_BUS_HOST,
    storageAccountName: ACCOUNT,
    workloadIdentity: { enabled: false },
    connectionSecret: CONNECTION_SECRET,
  },
};

function withoutDigests(manifest: string): string {
  return manifest.replaceAll(/@sha256:[0-9a-f]{64}/g, '');
}
