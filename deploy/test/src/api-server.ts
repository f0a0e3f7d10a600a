import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { claimPorts } from '@order-bench/rig';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { kubeconfig as kubeconfigOf } from './kubeconfig.js';
import { kubernetes } from './tools.js';

/** An answer of the API server. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A call of the API server. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** A real API server on this machine, with an etcd of its own and nothing behind it: no controller, no node. */
export interface ApiServer {
  /** Path of a kubeconfig whose user may do everything. */
  readonly kubeconfig: string;
  call(call: Call): Promise<Answer>;
  /** Ends both processes and removes all they wrote. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const START_LIMIT_MS = 90_000;

/** Path of etcd on this machine; undefined where there is none. */
export async function findEtcd(): Promise<string | undefined> {
  for (const dir of (process.env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const path = join(dir, 'etcd');
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder: the search goes on in the next.
    }
  }
  return undefined;
}

/** Why tests on an API server are skipped, and what would have them run. */
export const WITHOUT_ETCD =
  'no etcd on the PATH for the API server to keep its objects in: apt-get install etcd-server';

/**
 * Starts etcd and kube-apiserver.
 *
 * @throws Error with the end of kube-apiserver's log when it is not ready in time.
 */
export async function startApiServer(etcd: string): Promise<ApiServer> {
  const dir = await mkdtemp(join(tmpdir(), 'api-server-'));
  const claim = await claimPorts(3);
  const [etcdPort = 0, etcdPeerPort = 0, port = 0] = claim.ports;
  const token = randomBytes(16).toString('hex');
  await writeFile(join(dir, 'tokens.csv'), `${token},tester,tester,system:masters\n`, { mode: 0o600 });
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await writeFile(join(dir, 'accounts.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  await writeFile(join(dir, 'accounts.pub'), publicKey.export({ type: 'spki', format: 'pem' }));

  const store = started(dir, 'etcd', [
    etcd,
    ...['--name', 'test', '--data-dir', join(dir, 'etcd')],
    ...['--listen-client-urls', `http://${HOST}:${etcdPort}`, '--advertise-client-urls', `http://${HOST}:${etcdPort}`],
    ...['--listen-peer-urls', `http://${HOST}:${etcdPeerPort}`],
    ...['--initial-advertise-peer-urls', `http://${HOST}:${etcdPeerPort}`],
    ...['--initial-cluster', `test=http://${HOST}:${etcdPeerPort}`],
    // Nothing here outlives the test.
    '--unsafe-no-fsync',
  ]);
  const server = started(dir, 'kube-apiserver', [
    await kubernetes(),
    'kube-apiserver',
    ...['--etcd-servers', `http://${HOST}:${etcdPort}`],
    ...['--bind-address', HOST, '--advertise-address', HOST, '--secure-port', `${port}`],
    // It makes its own certificate there.
    ...['--cert-dir', join(dir, 'certificates')],
    ...['--token-auth-file', join(dir, 'tokens.csv'), '--authorization-mode', 'RBAC'],
    ...['--service-account-issuer', 'https://kubernetes.default.svc'],
    ...['--service-account-key-file', join(dir, 'accounts.pub')],
    ...['--service-account-signing-key-file', join(dir, 'accounts.key')],
    ...['--service-cluster-ip-range', '10.0.0.0/24', '--endpoint-reconciler-type', 'none'],
  ]);

  const stop = async () => {
    for (const process of [server, store]) {
      process.kill('SIGTERM');
      await process;
    }
    claim.release();
    await rm(dir, { recursive: true, force: true });
  };
  const certificate = join(dir, 'certificates', 'apiserver.crt');
  const call = async (parts: Call) => answerOf({ ...parts, port, token, ca: await readFile(certificate) });
  try {
    await untilReady(call, server, join(dir, 'kube-apiserver.log'));
  } catch (error) {
    await stop();
    throw error;
  }
  const kubeconfig = join(dir, 'kubeconfig');
  const access = { name: 'test', server: `https://${HOST}:${port}`, token, certificate };
  await writeFile(kubeconfig, stringify(kubeconfigOf(access)), { mode: 0o600 });
  return { kubeconfig, call, stop };
}

/** A process that may end as it likes; what it says goes to a log of its name in `dir`. */
function started(dir: string, name: string, [program, ...args]: readonly [string, ...string[]]) {
  const log = { file: join(dir, `${name}.log`) };
  return execa(program, args, { reject: false, stdio: ['ignore', log, log], buffer: false, cwd: dir });
}

type Process = ReturnType<typeof started>;

async function untilReady(call: ApiServer['call'], server: Process, logFile: string): Promise<void> {
  const endMs = Date.now() + START_LIMIT_MS;
  for (;;) {
    // Not there yet, or its certificate is not: asked again until the time is up.
    const status = await call({ method: 'GET', path: '/readyz' }).then(
      answer => answer.status,
      () => 0,
    );
    if (status === 200) return;
    if (Date.now() > endMs || server.exitCode !== null) {
      const log = (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-20).join('\n  ');
      throw new Error(`kube-apiserver was not ready after ${START_LIMIT_MS} ms. Its log ends:\n  ${log}`);
    }
    await sleep(200);
  }
}

interface Addressed extends Call {
  readonly port: number;
  readonly token: string;
  readonly ca: Buffer;
}

function answerOf({ method, path, body, port, token, ca }: Addressed): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      'content-type': 'application/json',
    };
    request({ host: HOST, port, path, method, headers, ca, timeout: 30_000 }, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parsed(Buffer.concat(chunks)) }));
    })
      .on('error', reject)
      .end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** `/readyz` answers with plain text. */
function parsed(bytes: Buffer): unknown {
  const text = bytes.toString();
  return text.startsWith('{') ? JSON.parse(text) : text;
}
