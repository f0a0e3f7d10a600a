import { recordedSettings, ToolMissing } from '@order-bench/rig';
import { type ExecaError, execa } from 'execa';
import type { Cluster, Deployment, Node, Part, Pod } from './cluster.js';
import { PlaceFailed } from './cluster.js';

const LABELS = {
  contender: 'app.kubernetes.io/name',
  role: 'app.kubernetes.io/component',
  part: 'order-bench/part',
} as const;
const CHART_REPLICAS = 'order-bench/replicas';
/** Whoever helm test left behind is no part of a contender. */
const OF_A_CONTENDER = `${LABELS.part} in (app,dapr)`;
/** Where deploy/cluster/cgroup-reader.yaml puts the readers. */
const READER = { namespace: 'order-bench-system', selector: 'app.kubernetes.io/name=cgroup-reader' };
/**
 * The files of each pod's own cgroup, line by line behind their names: pods lie at most four folders deep. A pod that goes
 * meanwhile is no failure; one that a run needs is missed by it.
 */
const READ_CGROUPS = [
  'sh',
  '-c',
  "find /cgroup -maxdepth 4 -path '*pod*' '(' -name cpu.stat -o -name memory.peak ')' -exec grep -sH '' {} + || true",
];
/** Pods that run nothing any more, as evicted ones; one that is being deleted still runs. */
const ENDED = ['Failed', 'Succeeded'];
const METRICS_PORT = 9090;
const DELETE_TIMEOUT = '120s';

/** The cluster of kubectl's current context, through kubectl. Every method throws PlaceFailed with what kubectl said. */
export function kubectlCluster(signal: AbortSignal): Cluster {
  const run = (...args: string[]) => kubectl(args, signal);
  const list = async <Item>(...args: string[]) =>
    (JSON.parse(await run('get', ...args, '--output', 'json')) as { readonly items: readonly Item[] }).items;
  return {
    async deployments(namespace) {
      const place =
        namespace === undefined ? ['--all-namespaces', '--selector', OF_A_CONTENDER] : ['--namespace', namespace];
      return (await list<DeploymentObject>('deployments', ...place)).map(deployment);
    },
    async pods() {
      return (await list<PodObject>('pods', '--all-namespaces', '--selector', OF_A_CONTENDER))
        .filter(({ status }) => !ENDED.includes(status.phase ?? ''))
        .map(pod);
    },
    async bindings(namespace) {
      const components = await list<ComponentObject>('components.dapr.io', '--namespace', namespace);
      return Object.fromEntries(
        components.map(({ metadata, spec }) => [metadata.name, recordedSettings(spec.metadata ?? [])]),
      );
    },
    async nodes() {
      return new Map((await list<NodeObject>('nodes')).map(item => [item.metadata.name, node(item)]));
    },
    async scale({ namespace, name }, replicas) {
      await run('scale', 'deployment', name, '--namespace', namespace, `--replicas=${replicas}`);
    },
    async deletePods(pods) {
      for (const namespace of new Set(pods.map(each => each.namespace))) {
        const names = pods.filter(each => each.namespace === namespace).map(({ name }) => name);
        const how = ['--ignore-not-found', '--wait', `--timeout=${DELETE_TIMEOUT}`];
        await run('delete', 'pod', ...names, '--namespace', namespace, ...how);
      }
    },
    async cgroups(nodeName) {
      const { namespace, selector } = READER;
      const where = ['--namespace', namespace, '--selector', selector, '--field-selector', `spec.nodeName=${nodeName}`];
      const [reader] = await list<PodObject>('pods', ...where);
      if (!reader) {
        throw new PlaceFailed(
          `no cgroup reader runs on the node ${nodeName}: kubectl apply --filename deploy/cluster/cgroup-reader.yaml, and wait for its DaemonSet`,
        );
      }
      return run('exec', reader.metadata.name, '--namespace', namespace, '--', ...READ_CGROUPS);
    },
    metrics: ({ namespace, name }) =>
      run('get', '--raw', `/api/v1/namespaces/${namespace}/pods/${name}:${METRICS_PORT}/proxy/metrics`),
  };
}

async function kubectl(args: readonly string[], signal: AbortSignal): Promise<string> {
  try {
    return (await execa('kubectl', args, { cancelSignal: signal, stdin: 'ignore' })).stdout;
  } catch (error) {
    signal.throwIfAborted();
    const { code, stderr, shortMessage } = error as ExecaError<{ encoding: 'utf8' }>;
    if (code === 'ENOENT') throw new ToolMissing('kubectl is not on your PATH: az aks install-cli installs it');
    throw new PlaceFailed(`kubectl ${args.join(' ')}: ${stderr || shortMessage}`, { cause: error });
  }
}

interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface DeploymentObject {
  readonly metadata: Metadata;
  readonly spec: { readonly replicas?: number };
}

function deployment({ metadata, spec }: DeploymentObject): Deployment {
  const { namespace, name, labels = {}, annotations = {} } = metadata;
  const chartReplicas = annotations[CHART_REPLICAS];
  return {
    namespace,
    name,
    // Kubernetes' own default.
    replicas: spec.replicas ?? 1,
    chartReplicas: chartReplicas === undefined ? undefined : Number(chartReplicas),
    contender: labels[LABELS.contender],
    part: labels[LABELS.part] as Part | undefined,
  };
}

interface PodObject {
  readonly metadata: Metadata;
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly {
      readonly image: string;
      readonly resources?: { readonly limits?: Readonly<Record<string, string>> };
    }[];
  };
  readonly status: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly restartCount: number; readonly imageID?: string }[];
  };
}

function pod({ metadata, spec, status }: PodObject): Pod {
  const { namespace, name, uid, labels = {} } = metadata;
  const containers = status.containerStatuses ?? [];
  return {
    namespace,
    name,
    uid,
    node: spec.nodeName ?? '',
    contender: labels[LABELS.contender] ?? '',
    role: labels[LABELS.role] ?? '',
    part: labels[LABELS.part] as Part,
    isReady: status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false,
    restarts: containers.reduce((sum, { restartCount }) => sum + restartCount, 0),
    image: containers[0]?.imageID || (spec.containers[0]?.image ?? ''),
    limits: spec.containers[0]?.resources?.limits ?? {},
  };
}

interface ComponentObject {
  readonly metadata: Metadata;
  readonly spec: { readonly metadata?: readonly { readonly name: string; readonly value?: string }[] };
}

interface NodeObject {
  readonly metadata: Metadata;
  readonly status: {
    readonly capacity: { readonly cpu: string; readonly memory: string };
    readonly nodeInfo: {
      readonly architecture: string;
      readonly osImage: string;
      readonly kernelVersion: string;
      readonly kubeletVersion: string;
      readonly containerRuntimeVersion: string;
    };
  };
}

const KIB = 1024;

function node({ metadata, status }: NodeObject): Node {
  const { cpu, memory } = status.capacity;
  const { nodeInfo } = status;
  return {
    instanceType: metadata.labels?.['node.kubernetes.io/instance-type'] ?? 'unknown',
    architecture: nodeInfo.architecture,
    cores: Number(cpu),
    // The kubelet reports whole KiB.
    memoryBytes: Number.parseInt(memory, 10) * KIB,
    osImage: nodeInfo.osImage,
    kernel: nodeInfo.kernelVersion,
    kubelet: nodeInfo.kubeletVersion,
    containerRuntime: nodeInfo.containerRuntimeVersion,
  };
}
