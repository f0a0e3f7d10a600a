import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheDir, checkoutDir } from '@order-bench/rig';
import { deployTestDir } from '../go-tool.js';
import { type Certificate, makeAuthority, makeCertificate } from './certificates.js';
import type { Cluster } from './cluster.js';
import { NODE_ADDRESS } from './namespaces.js';

/** The emulators' account and its key, which everybody knows. */
export const ACCOUNT = 'devstoreaccount1';
export const ACCOUNT_KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
export const SERVICE_BUS_HOST = 'orderbench.servicebus.windows.net';
const BLOB_HOST = `${ACCOUNT}.blob.core.windows.net`;
/** Names that the cluster's DNS has to answer with the node's address. */
export const AZURE_HOSTS = [SERVICE_BUS_HOST, BLOB_HOST];

export const BROKER_PORT = 5672;
export const BLOB_PORT = 10_000;
const BROKER_HTTP_PORT = 5673;
/** Not its default, 10080: fetch asks nothing of a port that mail and backups once had ("bad ports" of the Fetch standard). */
const BLOB_HTTP_PORT = 10_090;
/** Side doors of both, from inside the node. */
export const BROKER_ADMIN_URL = `http://127.0.0.1:${BROKER_HTTP_PORT}`;
export const BLOB_ADMIN_URL = `http://127.0.0.1:${BLOB_HTTP_PORT}`;
/** Where orders end. */
export const OUTBOXES = ['express-outbox', 'standard-outbox'];
/** Made beforehand, as on Azure. */
export const CONTAINERS = [...OUTBOXES, 'orders-state'];
const QUEUES = ['q-order-ingress', 'q-order-express', 'q-order-standard', 'q-webhooks', 'q-jobs'];
const TOPICS = ['orders:orders-view,orders-worker', 'orders-dead:kept'];
const KEY = 'SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE';

/** The connection string by which pods reach the queues: Azure's own, TLS and all. */
export const SERVICE_BUS_CONNECTION = `Endpoint=sb://${SERVICE_BUS_HOST};${KEY}`;

/** How programs inside the node, but outside the cluster, reach queues and blobs. */
export const DIRECT_CONNECTIONS = {
  SERVICEBUS_CONNECTION_STRING: `Endpoint=sb://127.0.0.1;${KEY};UseDevelopmentEmulator=true`,
  BLOB_CONNECTION_STRING: `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${ACCOUNT_KEY};BlobEndpoint=http://127.0.0.1:${BLOB_PORT}/${ACCOUNT};`,
};

/** The authority that pods' images trust as they trust those of Azure; made once, and in the user's cache folder. */
export async function azureAuthority(): Promise<Certificate> {
  const dir = join(cacheDir(), 'node-authority');
  const files = { crt: join(dir, 'azure.crt'), key: join(dir, 'azure.key') };
  const isThere = await access(files.crt).then(
    () => true,
    () => false,
  );
  if (isThere) return files;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  return makeAuthority(dir, 'azure');
}

/** Starts broker and blob server of this checkout inside the node, and Azure's names before them. */
export async function startStandIns({ namespaces }: Cluster): Promise<void> {
  const node = process.execPath;
  const broker = ['--port', `${BROKER_PORT}`, '--http-port', `${BROKER_HTTP_PORT}`];
  const queues = [...QUEUES.flatMap(queue => ['--queue', queue]), ...TOPICS.flatMap(topic => ['--topic', topic])];
  const program = (workspace: string) => join(checkoutDir, 'local', workspace, 'dist', 'main.js');
  namespaces.start('broker', { command: [node, program('broker'), ...broker, ...queues] });
  const blob = ['--port', `${BLOB_PORT}`, '--http-port', `${BLOB_HTTP_PORT}`];
  namespaces.start('blob', { command: [node, program('blob'), ...blob] });
  const certificate = await makeCertificate(namespaces.folder, await azureAuthority(), {
    name: 'azure-hosts',
    subject: '/CN=azure',
    usage: 'serverAuth',
    hosts: AZURE_HOSTS,
  });
  for (const port of [BROKER_PORT, BLOB_PORT, BROKER_HTTP_PORT, BLOB_HTTP_PORT]) await untilOpen('127.0.0.1', port);
  const front = join(deployTestDir, 'dist', 'src', 'node', 'azure-front-main.js');
  namespaces.start('azure-front', { command: [node, front, NODE_ADDRESS, certificate.crt, certificate.key] });
  for (const port of [443, 5671]) await untilOpen(NODE_ADDRESS, port);

  async function untilOpen(host: string, port: number): Promise<void> {
    for (;;) {
      namespaces.proveRunning();
      const isOpen = await namespaces.run({ command: ['bash', '-c', `: </dev/tcp/${host}/${port}`] }).then(
        () => true,
        () => false,
      );
      if (isOpen) return;
      await sleep(50);
    }
  }
}
