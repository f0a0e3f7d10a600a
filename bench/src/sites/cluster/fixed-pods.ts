import { clusterSettings, nodesOf } from './cluster-facts.js';
import type { BringUp, BringUpOptions, BroughtUp } from './cluster-site.js';
import { ContenderMeter } from './contender-meter.js';
import { startContender } from './contender-switch.js';
import { watchPods } from './pod-watch.js';

/** A pod that crashes is up again within seconds, and its restarts are counted: a look now and then misses none. */
const WATCH_EVERY_MS = 5_000;

/** Brings a contender up with as many pods as the chart gives it: they stay the same through the run, and are metered. */
export const FIXED_PODS: BringUp = { isScaled: false, start };

async function start(options: BringUpOptions): Promise<BroughtUp> {
  const { cluster, contender, chart, place, signal } = options;
  const started = await startContender(cluster, chart, signal);
  const pods = [...started.pods, ...place.pods];
  const standIns = async () => (place.pods.length > 0 ? cluster.standIns() : []);
  const running = { pods: async () => [...(await cluster.pods()), ...(await standIns())] };
  const watch = watchPods({ cluster: running, pods, everyMs: WATCH_EVERY_MS });
  return {
    namespace: started.namespace,
    nodes: await nodesOf(cluster, pods),
    settings: await clusterSettings({ cluster, contender, started, place }),
    failure: watch.failure,
    measure: ({ cores }) => {
      const metered = { pods, cores, messages: place.messages, isInBulk: contender.transport === 'topics' };
      return new ContenderMeter({ ...cluster, ...running }, metered).measure();
    },
    stop: () => watch.stop(),
  };
}
