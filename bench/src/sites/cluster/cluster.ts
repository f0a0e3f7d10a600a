import type { ScalingSightings } from '../../figures/scaling.js';
import type { ForwardedPorts } from './forwarded-ports.js';

/** What a run asks of the cluster that the contenders are installed on: deploy/chart says what is there. */
export interface Cluster {
  /** Deployments of a namespace; of all namespaces those that bear the chart's labels. */
  deployments(namespace?: string): Promise<Deployment[]>;
  /** What the Deployments of a namespace shall run. */
  releases(namespace: string): Promise<Release[]>;
  /** Pods of all contenders that run, those that are being deleted among them. */
  pods(): Promise<Pod[]>;
  /** Pods of deploy/stand-ins, broker and blob server. */
  standIns(): Promise<Pod[]>;
  /** Makes ports of a pod ports of this machine. */
  forward(pod: Pick<Pod, 'namespace' | 'name'>, ports: readonly number[]): Promise<ForwardedPorts>;
  /** What stands in for Spin here, as a RuntimeClass's annotation `order-bench/stand-in` says; null where Spin itself runs. */
  standInVersion(): Promise<string | null>;
  /** Settings of a namespace's Dapr components that decide how much a daprd takes at once. */
  bindings(namespace: string): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>>;
  /** The nodes by name. */
  nodes(): Promise<ReadonlyMap<string, Node>>;
  scale(deployment: Deployment, replicas: number): Promise<void>;
  /** KEDA's objects that scale the apps of contenders; none where there is no KEDA. */
  scaledObjects(): Promise<ScaledObject[]>;
  /** Has KEDA keep an app at no pods and look at nothing. */
  pause(scaled: ScaledObject): Promise<void>;
  /** Has KEDA scale an app between so many pods and its most. */
  resume(scaled: ScaledObject, least: number): Promise<void>;
  /** Scaled objects whose autoscaler has read its queue. */
  readAutoscalers(namespace: string): Promise<string[]>;
  /** KEDA itself; null where there is none. */
  keda(): Promise<Keda | null>;
  /** Sees pods and autoscalers change from here on. */
  watchScaling(scaled: readonly ScaledObject[]): ScalingWatch;
  /** Deletes pods, and returns when they are gone. */
  deletePods(pods: readonly Pod[]): Promise<void>;
  /** `cpu.stat` and `memory.peak` of a node's pods, as lines `<file>:<line>`; see deploy/cluster/cgroup-reader.yaml. */
  cgroups(node: string): Promise<string>;
  /** A daprd's metrics in Prometheus' text format. */
  metrics(pod: Pod): Promise<string>;
}

/** The charts' label that tells a contender's apps from its daprds, and both from what stands in for queues and blobs. */
export type Part = 'app' | 'dapr' | 'rig';

/** A Deployment, as far as a run cares. */
export interface Deployment {
  readonly namespace: string;
  readonly name: string;
  /** What it is set to now. */
  readonly replicas: number;
  /** What the chart set it to (its annotation order-bench/replicas); undefined where the chart does not own the number. */
  readonly chartReplicas: number | undefined;
  /** `contender` of the chart; undefined without the chart's labels, as of what spin-operator makes. */
  readonly contender: string | undefined;
  readonly part: Part | undefined;
}

/** What the pods of a Deployment shall run. */
export interface Release {
  readonly namespace: string;
  /** Of the Deployment, and of the SpinApp that it is made of. */
  readonly name: string;
  /** Of the first container. */
  readonly image: string;
  /** What names the image: spin-operator brings a SpinApp's into its Deployment, sooner or later. */
  readonly namedBy: 'Deployment' | 'SpinApp';
}

/** What scales the app of one role. */
export interface ScaledObject {
  readonly namespace: string;
  readonly name: string;
  /** `contender` of the chart. */
  readonly contender: string;
  /** Dapr's app id. */
  readonly role: string;
  /** The Deployment that is scaled. */
  readonly target: string;
  readonly isPaused: boolean;
  /** Whether KEDA is content with it, and with what it scales by. */
  readonly isReady: boolean;
  /** Pods at the most. */
  readonly most: number;
  /** What decides how it scales, but for the least and the target: polling, behaviour, triggers. */
  readonly scaling: Readonly<Record<string, unknown>>;
}

/** KEDA as it is installed. */
export interface Keda {
  readonly version: string;
  /** `Helm`, or the add-on of AKS, which lives in kube-system. */
  readonly installedBy: string;
}

/** What is seen of pods and autoscalers, until it is stopped. */
export interface ScalingWatch {
  readonly sightings: ScalingSightings;
  /** Rejects with PlaceFailed when kubectl ends by itself; never after `stop`. */
  readonly failure: Promise<never>;
  stop(): void;
}

/** A pod of a contender, or of a stand-in. */
export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly node: string;
  /** `contender` of the chart; of a stand-in `broker` or `blob`. */
  readonly contender: string;
  /** Dapr's app id; empty for a stand-in. */
  readonly role: string;
  readonly part: Part;
  readonly isReady: boolean;
  /** Of all its containers. */
  readonly restarts: number;
  /** Of the first container, with its digest where the node has told it. */
  readonly image: string;
  /** That image as its manifest names it. */
  readonly namedImage: string;
  /** Its tag there; absent where it names a digest alone. */
  readonly tag?: string;
  /** The CPU limit and the memory limit of the first container, as its manifest says them. */
  readonly limits: Readonly<Record<string, string>>;
}

/** What a node is. */
export interface Node {
  readonly instanceType: string;
  readonly architecture: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly osImage: string;
  readonly kernel: string;
  readonly kubelet: string;
  readonly containerRuntime: string;
}
