import type { Contender } from '../../contenders/contender.js';
import type { Environment, SiteSettings } from '../../results/result.js';
import type { Cluster, Node, Part, Pod } from './cluster.js';
import type { StartedContender } from './contender-switch.js';
import type { Place } from './place.js';

/** The nodes that pods are on, one a name. */
export async function nodesOf(cluster: Cluster, pods: readonly Pod[]): Promise<Node[]> {
  const nodes = await cluster.nodes();
  return [...new Set(pods.map(({ node }) => node))].map(name => {
    const node = nodes.get(name);
    if (!node) throw new Error(`the node ${name}, which a pod of this run is on, is gone: start the run again`);
    return node;
  });
}

/** Cores of all nodes together. */
export function coresOf(nodes: readonly Node[]): number {
  return nodes.reduce((sum, { cores }) => sum + cores, 0);
}

/**
 * The nodes as the machine of a run, each fact of theirs once. Load says nothing of them: what was busy before a run is
 * known for the machine that runs the bench alone.
 *
 * @param harness the machine that runs the bench.
 */
export function environmentOf(harness: Environment, nodes: readonly Node[]): Environment {
  const facts = (fact: (node: Node) => string) => [...new Set(nodes.map(fact))].sort().join(', ');
  return {
    ...harness,
    cpu: facts(({ instanceType, architecture }) => `${instanceType} (${architecture})`),
    cores: coresOf(nodes),
    memoryBytes: nodes.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
    os: facts(({ osImage }) => osImage),
    kernel: facts(({ kernel }) => kernel),
    versions: {
      ...harness.versions,
      kubelet: facts(({ kubelet }) => kubelet),
      containerRuntime: facts(({ containerRuntime }) => containerRuntime),
    },
    busyShareBefore: null,
  };
}

/** What settings are read from. */
export interface ClusterSettingsOptions {
  readonly cluster: Cluster;
  readonly contender: Contender;
  readonly started: StartedContender;
  readonly place: Pick<Place, 'settings' | 'pods'>;
}

/** Every setting of a contender on the cluster that can change the outcome of a run, as its result records it. */
export async function clusterSettings(options: ClusterSettingsOptions): Promise<SiteSettings> {
  const { cluster, contender, started, place } = options;
  const nodes = await cluster.nodes();
  const parts = (part: Part) =>
    partSettings(
      started.pods.filter(pod => pod.part === part),
      nodes,
    );
  const app = parts('app');
  const dapr = parts('dapr');
  return {
    ...(contender.settings ?? {}),
    ...place.settings,
    nodes: nodes.size,
    replicasPerRole: app.replicasPerRole,
    app,
    daprd: {
      mode: dapr.replicasPerRole > 0 ? 'shared' : 'sidecar',
      ...dapr,
      bindings: await cluster.bindings(started.namespace),
    },
    ...(place.pods.length > 0 && { standIns: partSettings(place.pods, nodes) }),
  };
}

function partSettings(pods: readonly Pod[], nodes: ReadonlyMap<string, Node>) {
  const roles = new Set(pods.map(({ role }) => role)).size;
  const each = (fact: (pod: Pod) => string) => [...new Set(pods.map(fact))].sort();
  return {
    replicasPerRole: pods.length / Math.max(1, roles),
    images: each(({ image }) => image),
    limits: pods[0]?.limits ?? {},
    nodes: each(({ node }) => nodes.get(node)?.instanceType ?? 'unknown'),
  };
}
