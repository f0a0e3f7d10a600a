import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { executablesNamed } from '@order-bench/rig';
import { stringify } from 'yaml';
import { findEtcd } from '../api-server.js';
import type { Archive } from '../image/archive.js';
import { kubeconfig } from '../kubeconfig.js';
import { helm, kubeRouter, kubernetes } from '../tools.js';
import { makeAuthority, makeCertificate } from './certificates.js';
import { CNI_DIR, type Namespaces, NODE_ADDRESS, type RunOptions, startNamespaces } from './namespaces.js';

/** What a cluster is made with. */
export interface ClusterOptions {
  /** In the node from the start, each also by its digest; the first is that of the pods' own container. */
  readonly images: readonly [Archive, ...Archive[]];
  /** RuntimeClass handlers beside runc, and the OCI runtime of each. */
  readonly runtimes?: Readonly<Record<string, string>>;
}

/** A real cluster of one node on this machine, gone with this process. */
export interface Cluster {
  readonly namespaces: Namespaces;
  /** What kubectl and helm inside the node are told the cluster by. */
  readonly env: Readonly<Record<string, string>>;
  kubectl(args: readonly string[], options?: RunOptions): Promise<string>;
  helm(args: readonly string[], options?: RunOptions): Promise<string>;
  stop(): Promise<void>;
}

/** Name of the node. */
const NODE_NAME = 'node';

const API_PORT = 6443;
const PODS = '10.244.0.0/16';
const SERVICES = '10.96.0.0/16';
/** Of the Service that pods ask for names. */
export const DNS_ADDRESS = '10.96.0.10';
const SOCKET = 'unix:///run/containerd/containerd.sock';
/** Where programs of the system are, whatever PATH this process has. */
const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
const READY_LIMIT_MS = 120_000;
const POLL_MS = 100;

/**
 * Starts etcd, Kubernetes' control plane, containerd, kubelet, kube-proxy and kube-router, which enforces NetworkPolicies, and
 * returns when pods can be made.
 *
 * @throws Error with the end of the log of what did not get ready.
 */
export async function startCluster({ images, runtimes = {} }: ClusterOptions): Promise<Cluster> {
  const program = await kubernetes();
  const helmProgram = await helm();
  const namespaces = await startNamespaces();
  try {
    const files = await writeFiles(namespaces.folder, { runtimes, pause: images[0].image });
    // kubectl by its name, for whoever looks for it on the PATH, as bench does.
    const bin = join(namespaces.folder, 'bin');
    await mkdir(bin);
    await writeFile(join(bin, 'kubectl'), `#!/bin/sh\nexec ${program} kubectl "$@"\n`, { mode: 0o755 });
    const env = {
      KUBECONFIG: files.kubeconfigs.admin,
      PATH: `${bin}:${process.env.PATH}`,
      HELM_CACHE_HOME: join(namespaces.folder, 'helm'),
      HELM_CONFIG_HOME: join(namespaces.folder, 'helm'),
      HELM_DATA_HOME: join(namespaces.folder, 'helm'),
    };
    const kubectl = (args: readonly string[], options?: RunOptions) =>
      namespaces.run({ command: [program, 'kubectl', ...args], env }, options);
    await startPrograms({ namespaces, program, files, images });
    await untilReady('kubelet', namespaces, async () => {
      const ready = await kubectl([
        'get',
        'node',
        NODE_NAME,
        '--output',
        'jsonpath={.status.conditions[?(@.type=="Ready")].status}',
      ]);
      // Without it no pod of that namespace is taken.
      await kubectl(['get', 'serviceaccount', 'default', '--namespace', 'default']);
      return ready === 'True';
    });
    await startPolicies(namespaces, files);
    return {
      namespaces,
      env,
      kubectl,
      helm: (args, options) => namespaces.run({ command: [helmProgram, ...args], env }, options),
      stop: () => namespaces.stop(),
    };
  } catch (error) {
    await namespaces.stop();
    throw error;
  }
}

interface Programs {
  readonly namespaces: Namespaces;
  readonly program: string;
  readonly files: Files;
  readonly images: readonly Archive[];
}

async function startPrograms({ namespaces, program, files, images }: Programs): Promise<void> {
  const { folder } = namespaces;
  const { pki, kubeconfigs } = files;
  const kube = (name: string, ...args: readonly string[]) =>
    namespaces.start(name, { command: [program, name, ...args] });

  const store = 'http://127.0.0.1:2379';
  const etcd = [
    ...['--name', 'node', '--data-dir', join(folder, 'etcd'), '--unsafe-no-fsync'],
    ...['--listen-client-urls', store, '--advertise-client-urls', store],
  ];
  namespaces.start('etcd', { command: [(await findEtcd()) ?? 'etcd', ...etcd] });
  const path = `${SYSTEM_PATH}:${dirname((await executablesNamed('runc'))[0] ?? '')}`;
  namespaces.start('containerd', { command: ['containerd', '--config', files.containerd], env: { PATH: path } });
  kube(
    'kube-apiserver',
    ...['--etcd-servers', store, '--bind-address', '0.0.0.0', '--advertise-address', NODE_ADDRESS],
    ...['--secure-port', `${API_PORT}`, '--cert-dir', join(pki, 'apiserver'), '--allow-privileged=true'],
    ...['--token-auth-file', files.tokens, '--authorization-mode', 'Node,RBAC'],
    ...['--enable-admission-plugins', 'NodeRestriction', '--service-account-issuer', 'https://kubernetes.default.svc'],
    ...['--service-account-key-file', files.accounts.crt, '--service-account-signing-key-file', files.accounts.key],
    ...['--service-cluster-ip-range', SERVICES, '--client-ca-file', files.clientAuthority],
    ...['--kubelet-client-certificate', files.kubeletClient.crt, '--kubelet-client-key', files.kubeletClient.key],
    ...['--kubelet-preferred-address-types', 'InternalIP'],
    // For API servers behind this one, as KEDA's of metrics.
    ...['--requestheader-client-ca-file', files.frontAuthority, '--requestheader-allowed-names', 'front-proxy'],
    ...['--requestheader-username-headers', 'X-Remote-User', '--requestheader-group-headers', 'X-Remote-Group'],
    ...['--requestheader-extra-headers-prefix', 'X-Remote-Extra-'],
    ...['--proxy-client-cert-file', files.frontProxy.crt, '--proxy-client-key-file', files.frontProxy.key],
  );

  await untilReady('containerd', namespaces, () => namespaces.run({ command: ['ctr', 'version'] }));
  await Promise.all([
    importImages(namespaces, images),
    untilReady('kube-apiserver', namespaces, async () => {
      const config = ['--kubeconfig', kubeconfigs.admin];
      return (await namespaces.run({ command: [program, 'kubectl', ...config, 'get', '--raw', '/readyz'] })) === 'ok';
    }),
  ]);

  const asItself = (name: keyof typeof kubeconfigs) => ['--kubeconfig', kubeconfigs[name]];
  const alone = ['--leader-elect=false', '--bind-address', '127.0.0.1'];
  kube(
    'kube-controller-manager',
    ...asItself('controllers'),
    ...['--authentication-kubeconfig', kubeconfigs.controllers, '--authorization-kubeconfig', kubeconfigs.controllers],
    ...['--service-account-private-key-file', files.accounts.key, '--use-service-account-credentials=true'],
    ...['--root-ca-file', join(pki, 'apiserver', 'apiserver.crt'), '--cluster-cidr', PODS],
    ...alone,
  );
  kube(
    'kube-scheduler',
    ...asItself('scheduler'),
    ...['--authentication-kubeconfig', kubeconfigs.scheduler, '--authorization-kubeconfig', kubeconfigs.scheduler],
    ...alone,
  );
  kube(
    'kubelet',
    ...['--config', files.kubelet, '--root-dir', join(folder, 'kubelet'), '--cert-dir', join(pki, 'kubelet')],
    ...[
      '--hostname-override',
      NODE_NAME,
      '--node-ip',
      NODE_ADDRESS,
      '--node-labels',
      'node.kubernetes.io/instance-type=test-node',
    ],
    ...asItself('kubelet'),
  );
  kube('kube-proxy', '--config', files.proxy, '--hostname-override', NODE_NAME);
}

/** Has NetworkPolicies enforced. It wants to know its node from the start. */
async function startPolicies(namespaces: Namespaces, { kubeconfigs }: Files): Promise<void> {
  const parts = ['--run-firewall=true', '--run-router=false', '--run-service-proxy=false', '--enable-cni=false'];
  namespaces.start('kube-router', {
    command: [
      await kubeRouter(),
      ...[...parts, '--kubeconfig', kubeconfigs.policies, '--hostname-override', NODE_NAME],
      ...['--service-cluster-ip-range', SERVICES, '--health-port', '0'],
    ],
    env: { PATH: SYSTEM_PATH },
  });
}

/** Puts images into the node, each also by its digest. */
export async function importImages(namespaces: Namespaces, images: readonly Archive[]): Promise<void> {
  const ctr = (...args: readonly string[]) =>
    namespaces.run({ command: ['ctr', '--namespace', 'k8s.io', 'images', ...args] });
  for (const { image, file, digest } of images) {
    await ctr('import', file);
    // The chart names images by digest, which a registry would know without being told.
    await ctr('tag', '--force', image, `${image.slice(0, image.lastIndexOf(':'))}@${digest}`);
  }
}

/** Asks until the answer is yes; a question that can't be asked is a no. */
async function untilReady(name: string, namespaces: Namespaces, ask: () => Promise<unknown>): Promise<void> {
  const endMs = Date.now() + READY_LIMIT_MS;
  for (;;) {
    namespaces.proveRunning();
    const answer = await ask().catch(() => false);
    if (answer) return;
    if (Date.now() > endMs) {
      throw new Error(
        `${name} was not ready after ${READY_LIMIT_MS} ms. Its log ends:\n  ${await namespaces.log(name)}`,
      );
    }
    await sleep(POLL_MS);
  }
}

interface Files {
  readonly pki: string;
  readonly tokens: string;
  readonly accounts: { readonly crt: string; readonly key: string };
  readonly clientAuthority: string;
  readonly kubeletClient: { readonly crt: string; readonly key: string };
  readonly frontAuthority: string;
  readonly frontProxy: { readonly crt: string; readonly key: string };
  readonly kubeconfigs: Readonly<Record<keyof typeof USERS, string>>;
  readonly containerd: string;
  readonly kubelet: string;
  readonly proxy: string;
}

/** Who asks the API server, and the groups that make up their rights. */
const USERS = {
  admin: { name: 'admin', groups: 'system:masters' },
  kubelet: { name: `system:node:${NODE_NAME}`, groups: 'system:nodes' },
  controllers: { name: 'system:kube-controller-manager', groups: '' },
  scheduler: { name: 'system:kube-scheduler', groups: '' },
  proxy: { name: 'system:kube-proxy', groups: '' },
  policies: { name: 'policies', groups: 'system:masters' },
} as const;

interface FileOptions {
  readonly runtimes: Readonly<Record<string, string>>;
  readonly pause: string;
}

async function writeFiles(folder: string, options: FileOptions): Promise<Files> {
  const pki = join(folder, 'pki');
  await mkdir(pki, { mode: 0o700 });
  const clientAuthority = await makeAuthority(pki, 'clients');
  const frontAuthority = await makeAuthority(pki, 'front');
  const kubeletClient = await makeCertificate(pki, clientAuthority, {
    name: 'apiserver-kubelet',
    subject: '/O=system:masters/CN=kube-apiserver',
    usage: 'clientAuth',
  });
  const frontProxy = await makeCertificate(pki, frontAuthority, {
    name: 'front-proxy',
    subject: '/CN=front-proxy',
    usage: 'clientAuth',
  });
  // The key that service accounts' tokens are signed with; a certificate serves as its public half.
  const accounts = await makeAuthority(pki, 'accounts');

  const write = async (name: string, text: string) => {
    const file = join(folder, name);
    await writeFile(file, text, { mode: 0o600 });
    return file;
  };
  const users = Object.entries(USERS).map(([key, user]) => ({ key, ...user, token: randomBytes(24).toString('hex') }));
  const tokens = users.map(({ token, name, groups }) => `${token},${name},${name},"${groups}"\n`).join('');
  const kubeconfigs = await Promise.all(
    users.map(async ({ key, token }) => [
      key,
      await write(
        `${key}.kubeconfig`,
        stringify(
          kubeconfig({
            name: 'node',
            server: `https://${NODE_ADDRESS}:${API_PORT}`,
            token,
            certificate: join(pki, 'apiserver', 'apiserver.crt'),
          }),
        ),
      ),
    ]),
  );
  await mkdir(join(folder, 'cni'));
  await write('cni/10-node.conflist', JSON.stringify(CNI));
  // Without a name server: pods that do not ask the cluster's DNS ask nobody.
  const resolver = await write('resolv.conf', 'options ndots:1\n');
  return {
    pki,
    tokens: await write('pki/tokens.csv', tokens),
    accounts,
    clientAuthority: clientAuthority.crt,
    kubeletClient,
    frontAuthority: frontAuthority.crt,
    frontProxy,
    kubeconfigs: Object.fromEntries(kubeconfigs) as Files['kubeconfigs'],
    containerd: await write('containerd.toml', containerdConfig(folder, options)),
    kubelet: await write(
      'kubelet.yaml',
      stringify(kubeletConfig({ folder, resolver, authority: clientAuthority.crt })),
    ),
    proxy: await write('proxy.yaml', stringify(proxyConfig(join(folder, 'proxy.kubeconfig')))),
  };
}

const CNI = {
  cniVersion: '0.4.0',
  name: 'node',
  plugins: [
    {
      type: 'ptp',
      ipMasq: false,
      mtu: 1500,
      ipam: {
        type: 'host-local',
        ranges: [[{ subnet: PODS }]],
        dataDir: '/run/cni-ipam',
        routes: [{ dst: '0.0.0.0/0' }],
      },
    },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
};

/** Version 2, which containerd 1.6 reads and 2.x still does. Naming one runtime drops the default's entry: both are named. */
function containerdConfig(folder: string, { pause, runtimes }: FileOptions): string {
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  const others = Object.entries(runtimes).map(
    ([handler, program]) => `
[${cri}.containerd.runtimes.${handler}]
  runtime_type = "io.containerd.runc.v2"
  [${cri}.containerd.runtimes.${handler}.options]
    BinaryName = "${program}"`,
  );
  return `version = 2
root = "${folder}/containerd"
state = "/run/containerd"
oom_score = 0
disabled_plugins = [${['btrfs', 'devmapper', 'zfs', 'aufs'].map(name => `"io.containerd.snapshotter.v1.${name}"`).join(', ')}]
[grpc]
  address = "/run/containerd/containerd.sock"
[${cri}]
  sandbox_image = "${pause}"
  # Without CAP_SYS_RESOURCE no process may be made dearer to the kernel.
  restrict_oom_score_adj = true
  [${cri}.cni]
    bin_dir = "${CNI_DIR}"
    conf_dir = "${folder}/cni"
[${cri}.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
${others.join('\n')}
`;
}

interface KubeletFiles {
  readonly folder: string;
  readonly resolver: string;
  readonly authority: string;
}

function kubeletConfig({ folder, resolver, authority }: KubeletFiles): unknown {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    failCgroupV1: false,
    cgroupDriver: 'cgroupfs',
    containerRuntimeEndpoint: SOCKET,
    imageServiceEndpoint: SOCKET,
    authentication: { anonymous: { enabled: false }, webhook: { enabled: true }, x509: { clientCAFile: authority } },
    authorization: { mode: 'Webhook' },
    clusterDomain: 'cluster.local',
    clusterDNS: [DNS_ADDRESS],
    resolvConf: resolver,
    podLogsDir: join(folder, 'pod-logs'),
    failSwapOn: false,
    oomScoreAdj: 0,
    enforceNodeAllocatable: ['pods'],
    // The few cores of one machine are all nodes' here: a pod asks for little, and takes what is free.
    cpuCFSQuota: false,
    // The disk is the whole machine's, and how full it is no matter of the node's.
    localStorageCapacityIsolation: false,
    evictionHard: Object.fromEntries(
      ['nodefs.available', 'nodefs.inodesFree', 'imagefs.available', 'imagefs.inodesFree'].map(name => [name, '0%']),
    ),
    imageGCHighThresholdPercent: 100,
    // What Dapr's sentry writes after its injector was started is in the injector's files within seconds, not a minute.
    syncFrequency: '5s',
    kubeAPIQPS: 100,
    kubeAPIBurst: 200,
    serializeImagePulls: false,
  };
}

function proxyConfig(file: string): unknown {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'nftables',
    clusterCIDR: PODS,
    oomScoreAdj: 0,
    clientConnection: { kubeconfig: file },
    healthzBindAddress: '127.0.0.1:10256',
    metricsBindAddress: '127.0.0.1:10249',
    // These are the whole machine's.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    nftables: { minSyncPeriod: '200ms' },
  };
}
