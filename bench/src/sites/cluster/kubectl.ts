import { recordedSettings, ToolMissing } from '@order-bench/rig';
import { type ExecaError, execa } from 'execa';
import type { Cluster, Deployment, Keda, Node, Part, Release, ScaledObject } from './cluster.js';
import { forwardPorts } from './forwarded-ports.js';
import { PlaceFailed } from './place-failed.js';
import { LABELS, type Metadata, type PodObject, pod } from './pod-object.js';
import { type AutoscalerObject, watchScaling } from './scaling-watch.js';

const CHART_REPLICAS = 'order-bench/replicas';
/** Whoever helm test left behind is no part of a contender. */
const OF_A_CONTENDER = `${LABELS.part} in (app,dapr)`;
const A_CONTENDERS_OWN = `app.kubernetes.io/part-of=order-bench`;
/** KEDA's annotation: to be kept at so many pods, and nothing looked at. */
const PAUSED = 'autoscaling.keda.sh/paused-replicas';
const KEDA = 'app.kubernetes.io/name=keda-operator';
/** What kubectl says where KEDA was never installed. */
const NO_SUCH_KIND = "doesn't have a resource type";
const A_STAND_IN = `${LABELS.part}=rig`;
/** On a RuntimeClass: version of the stand-in that answers to it. */
const STAND_IN = 'order-bench/stand-in';
/** Where deploy/cluster/cgroup-reader.yaml puts the readers. */
const READER = { namespace: 'order-bench-system', selector: 'app.kubernetes.io/name=cgroup-reader' };
/** Of cgroups in version 2 the first and the second; of version 1, which a test node may have, all but the second. */
const CGROUP_FILES = ['cpu.stat', 'memory.peak', 'cpuacct.usage', 'cpuacct.stat', 'memory.max_usage_in_bytes'];
/**
 * The files of each pod's own cgroup, line by line behind their names: pods lie at most five folders deep. A pod that goes
 * meanwhile is no failure; one that a run needs is missed by it.
 */
const READ_CGROUPS = [
  'sh',
  '-c',
  `find /cgroup -maxdepth 5 -path '*pod*' '(' ${CGROUP_FILES.map(name => `-name ${name}`).join(' -o ')} ')' -exec grep -sH '' {} + || true`,
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
  const patch = async ({ namespace, name }: Pick<ScaledObject, 'namespace' | 'name'>, change: unknown) => {
    const what = ['scaledobject', name, '--namespace', namespace, '--type', 'merge'];
    await run('patch', ...what, '--patch', JSON.stringify(change));
  };
  const pods = async (selector: string) =>
    (await list<PodObject>('pods', '--all-namespaces', '--selector', selector))
      .filter(({ status }) => !ENDED.includes(status.phase ?? ''))
      .map(pod);
  return {
    async deployments(namespace) {
      const place =
        namespace === undefined ? ['--all-namespaces', '--selector', OF_A_CONTENDER] : ['--namespace', namespace];
      return (await list<DeploymentObject>('deployments', ...place)).map(deployment);
    },
    async releases(namespace) {
      const found = await list<DeploymentObject>('deployments', '--namespace', namespace);
      const hasSpinApps = found.some(({ metadata }) => spinAppOf(metadata) !== undefined);
      const spinApps = hasSpinApps ? await list<SpinAppObject>(SPIN_APPS, '--namespace', namespace) : [];
      const images = new Map(spinApps.map(({ metadata, spec }) => [metadata.uid, spec.image]));
      return found.map(({ metadata, spec }): Release => {
        const { name } = metadata;
        const image = images.get(spinAppOf(metadata) ?? '');
        return image === undefined
          ? { namespace, name, image: spec.template.spec.containers[0]?.image ?? '', namedBy: 'Deployment' }
          : { namespace, name, image, namedBy: 'SpinApp' };
      });
    },
    pods: () => pods(OF_A_CONTENDER),
    standIns: () => pods(A_STAND_IN),
    forward: (to, ports) => forwardPorts({ ...to, ports, signal }),
    async standInVersion() {
      const classes = await list<{ readonly metadata: Metadata }>('runtimeclasses');
      return classes.flatMap(({ metadata }) => metadata.annotations?.[STAND_IN] ?? [])[0] ?? null;
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
    async scaledObjects() {
      const found = await list<ScaledObjectObject>(
        'scaledobjects.keda.sh',
        '--all-namespaces',
        '--selector',
        A_CONTENDERS_OWN,
      ).catch(error => {
        if (error instanceof PlaceFailed && error.message.includes(NO_SUCH_KIND)) return [];
        throw error;
      });
      return found.map(scaledObject);
    },
    pause: scaled => patch(scaled, { metadata: { annotations: { [PAUSED]: '0' } } }),
    resume: (scaled, least) =>
      patch(scaled, { metadata: { annotations: { [PAUSED]: null } }, spec: { minReplicaCount: least } }),
    async readAutoscalers(namespace) {
      const found = await list<AutoscalerObject>('horizontalpodautoscalers', '--namespace', namespace);
      return found
        .filter(({ status }) => (status?.currentMetrics ?? []).some(({ external }) => external?.current !== undefined))
        .map(({ spec }) => spec.scaleTargetRef.name);
    },
    async keda() {
      const [operator] = await list<DeploymentObject>('deployments', '--all-namespaces', '--selector', KEDA);
      return operator ? kedaFacts(operator) : null;
    },
    watchScaling: scaled =>
      watchScaling({
        scaled,
        selector: `${LABELS.part}=app,${LABELS.contender}=${scaled[0]?.contender}`,
        signal,
      }),
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

const SPIN_APPS = 'spinapps.core.spinkube.dev';

interface SpinAppObject {
  readonly metadata: Metadata;
  readonly spec: { readonly image: string };
}

/** The uid of the SpinApp that spin-operator made it of. */
function spinAppOf({ ownerReferences = [] }: Metadata): string | undefined {
  return ownerReferences.find(({ kind }) => kind === 'SpinApp')?.uid;
}

interface DeploymentObject {
  readonly metadata: Metadata;
  readonly spec: {
    readonly replicas?: number;
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
}

/** Its version is a label of its chart's, else the tag of its image. */
function kedaFacts({ metadata, spec }: DeploymentObject): Keda {
  const { namespace, labels = {} } = metadata;
  const tag = spec.template.spec.containers[0]?.image.replace(/@.*$/, '').split(':').at(-1);
  return {
    version: labels['app.kubernetes.io/version'] ?? tag ?? 'unknown',
    installedBy: namespace === 'kube-system' ? 'AKS add-on' : (labels['app.kubernetes.io/managed-by'] ?? 'manifests'),
  };
}

interface ScaledObjectObject {
  readonly metadata: Metadata;
  readonly spec: {
    readonly scaleTargetRef: { readonly name: string };
    readonly minReplicaCount?: number;
    readonly maxReplicaCount?: number;
    readonly triggers: readonly { readonly type: string; readonly metadata: Readonly<Record<string, string>> }[];
    readonly [field: string]: unknown;
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

function scaledObject({ metadata, spec, status }: ScaledObjectObject): ScaledObject {
  const { namespace, name, labels = {}, annotations = {} } = metadata;
  // How one proves who it is to the queue decides nothing.
  const { scaleTargetRef, minReplicaCount: _, maxReplicaCount = KEDAS_MOST, triggers, ...others } = spec;
  return {
    namespace,
    name,
    contender: labels[LABELS.contender] ?? '',
    role: labels[LABELS.role] ?? '',
    target: scaleTargetRef.name,
    isPaused: annotations[PAUSED] !== undefined,
    isReady: status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false,
    most: maxReplicaCount,
    scaling: { ...others, maxReplicaCount, triggers: triggers.map(({ type, metadata: of }) => ({ type, ...of })) },
  };
}

/** KEDA's own default. */
const KEDAS_MOST = 100;

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
