import { callsBetween, type DaprdReadings, parseDaprdMetrics } from '../../figures/daprd-metrics.js';
import type { Measurement } from '../../run/site.js';
import { harnessUsage } from '../run-cost.js';
import { type TraceOptions, traceHops } from '../trace-hops.js';
import type { Cluster, Pod } from './cluster.js';
import { type ContenderUsage, contenderCost } from './contender-cost.js';
import { foreignReceivers } from './foreign-receivers.js';
import { PlaceFailed } from './place-failed.js';
import { type PodUsage, parsePodUsage } from './pod-usage.js';
import { proveUnchanged } from './pod-watch.js';

/** Less than this for a call, and the pod's CPU is not seen: the quickest app here takes a tenth of a millisecond. */
const LEAST_CPU_MS_PER_CALL = 0.01;

/** Everything that was read of a contender at one moment. */
interface Reading {
  readonly usage: ContenderUsage;
  /** By the uids of its daprds' pods. */
  readonly calls: DaprdReadings;
}

/** What is measured. */
export interface Metered {
  /** Of one contender, and of what stands in for queues and blobs. */
  readonly pods: readonly Pod[];
  /** Of all nodes that the pods are on. */
  readonly cores: number;
  /** Every message that a queue had; null where the queues keep none. */
  readonly messages: TraceOptions['messages'] | null;
  /** Whether a call of a daprd brings many orders: then its counts and times tell nothing of each. */
  readonly isInBulk: boolean;
}

/** Reads what the pods of a run use, from their cgroups, and what the contender's daprds did, from their metrics. */
export class ContenderMeter {
  readonly #cluster: Cluster;
  readonly #pods: readonly Pod[];
  readonly #cores: number;
  readonly #messages: Metered['messages'];
  readonly #isInBulk: boolean;

  constructor(cluster: Cluster, { pods, cores, messages, isInBulk }: Metered) {
    this.#cluster = cluster;
    this.#pods = pods;
    this.#cores = cores;
    this.#messages = messages;
    this.#isInBulk = isInBulk;
  }

  /** Reads everything, and gives what a drain is measured by from here on. */
  async measure(): Promise<Measurement> {
    const before = await this.#read();
    this.#proveSeen(before);
    let after = before;
    return {
      end: async ({ counts, end }) => {
        after = await this.#read();
        await proveUnchanged(this.#cluster, this.#pods);
        this.#proveSeen(after);
        const calls = (isWanted: (pod: Pod) => boolean) =>
          callsBetween(before.calls, after.calls, this.#daprds(isWanted));
        const tally = {
          sent: counts.count + counts.malformed,
          orders: counts.count,
          distributor: calls(isDistributor),
          receivers: calls(pod => !isDistributor(pod)),
        };
        const pods = this.#pods;
        return {
          cost: contenderCost({
            pods,
            before: before.usage,
            after: after.usage,
            orders: counts.count,
            cores: this.#cores,
          }),
          // What is still in a queue was taken by nobody.
          foreignReceivers: end === 'drained' && !this.#isInBulk ? foreignReceivers(tally) : [],
        };
      },
      hops: async writtenAtMs => {
        const daprdVersion = this.#podsOf('dapr')[0]?.tag;
        // Service Bus keeps no times of single messages.
        if (!this.#messages || this.#isInBulk || daprdVersion === undefined) return [];
        return traceHops({
          messages: this.#messages,
          before: before.calls,
          after: after.calls,
          distributor: this.#daprds(isDistributor),
          receivers: this.#daprds(pod => !isDistributor(pod)),
          daprdVersion,
          writtenAtMs,
        });
      },
    };
  }

  #podsOf(part: Pod['part']): Pod[] {
    return this.#pods.filter(pod => pod.part === part);
  }

  /** Uids of those of its daprds' pods. */
  #daprds(isWanted: (pod: Pod) => boolean): string[] {
    return this.#podsOf('dapr')
      .filter(isWanted)
      .map(({ uid }) => uid);
  }

  async #read(): Promise<Reading> {
    const harness = harnessUsage();
    const atMs = performance.now();
    const metrics = this.#podsOf('dapr').map(
      async pod => [pod.uid, parseDaprdMetrics(await this.#cluster.metrics(pod))] as const,
    );
    try {
      const [pods, calls] = await Promise.all([this.#usage(this.#pods), Promise.all(metrics)]);
      return { usage: { atMs, harness, pods }, calls: new Map(calls) };
    } catch (error) {
      // A pod that died can't be read either; that is the contender's failure, and not the place's.
      await proveUnchanged(this.#cluster, this.#pods);
      throw error;
    }
  }

  async #usage(pods: readonly Pod[]): Promise<Map<string, PodUsage>> {
    const nodes = [...new Set(pods.map(({ node }) => node))];
    const text = (await Promise.all(nodes.map(node => this.#cluster.cgroups(node)))).join('\n');
    const usage = parsePodUsage(
      text,
      pods.map(({ uid }) => uid),
    );
    const unseen = pods.find(({ uid }) => !usage.has(uid));
    if (unseen) {
      throw new PlaceFailed(
        `the cgroup reader on ${unseen.node} does not see the pod ${unseen.namespace}/${unseen.name}: it was replaced during the run, or its node keeps cgroups elsewhere`,
      );
    }
    return usage;
  }

  /** The shim of Spin runs apps outside their pods' cgroups where it is not told to use the systemd driver. */
  #proveSeen({ usage, calls }: Reading): void {
    for (const role of new Set(this.#pods.map(pod => pod.role))) {
      const own = this.#pods.filter(pod => pod.role === role);
      const made = own.reduce((sum, { uid }) => sum + (calls.get(uid)?.app.count ?? 0), 0);
      const apps = own.filter(({ part }) => part === 'app');
      const cpuMs = apps.reduce((sum, { uid }) => sum + (usage.pods.get(uid)?.cpuMs ?? 0), 0);
      if (cpuMs < made * LEAST_CPU_MS_PER_CALL) {
        throw new PlaceFailed(
          `the apps of ${role} took ${made} calls and their cgroups show ${cpuMs.toFixed(1)} ms of CPU: what they use is not seen; for Spin look at the Shim's SystemdCgroup (deploy/README.md, step 4)`,
        );
      }
    }
  }
}

function isDistributor({ role }: Pod): boolean {
  return role === 'distributor';
}
