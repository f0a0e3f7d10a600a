import type { RoleScaling } from '../results/result.js';

/** A pod as it was seen at one moment. */
export interface PodSighting {
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly atMs: number;
  readonly role: string;
  readonly uid: string;
  readonly state: 'waiting' | 'ready' | 'gone';
  /** Of all its containers. */
  readonly restarts: number;
}

/** What a HorizontalPodAutoscaler said of itself at one moment. */
export interface AutoscalerSighting {
  readonly atMs: number;
  readonly role: string;
  /** Messages in the queue for each pod, which it holds against its target; null where it had no figure. */
  readonly messagesPerPod: number | null;
  readonly current: number;
  readonly desired: number;
}

/** Everything that was seen of a contender that is scaled, in the order of time. */
export interface ScalingSightings {
  readonly pods: readonly PodSighting[];
  readonly autoscalers: readonly AutoscalerSighting[];
}

/** What the figures are made of. */
export interface ScalingOptions {
  readonly sightings: ScalingSightings;
  readonly roles: readonly string[];
  /** The moment for which all orders were scheduled, by this machine's clock. */
  readonly startMs: number;
  /** Of each order from that moment on. */
  readonly writtenMs: readonly number[];
}

/** What became of the pods of each role from the moment for which all orders were scheduled to the last order's write. */
export function scalingFigures({ sightings, roles, startMs, writtenMs }: ScalingOptions): RoleScaling[] {
  const endMs = Math.max(0, ...writtenMs);
  const since = (atMs: number) => Math.round(Math.min(endMs, Math.max(0, atMs - startMs)));
  return roles.map(role => {
    const own = sightings.pods.filter(pod => pod.role === role && pod.atMs - startMs <= endMs);
    const ready = readyCurve(own, since);
    const [[, atStart] = [0, 0]] = ready;
    const most = Math.max(...ready.map(([, count]) => count));
    return {
      role,
      ready,
      reached: Array.from({ length: most - atStart }, (_, index) => {
        const pods = atStart + index + 1;
        const [atMs] = ready.find(([, count]) => count >= pods) ?? [endMs];
        return { pods, atMs, written: writtenMs.filter(ms => ms <= atMs).length };
      }),
      podSeconds: podSeconds(own, { since, endMs }),
      restarts: restartsOf(own),
      autoscaler: autoscalerCurve(
        sightings.autoscalers.filter(each => each.role === role && each.atMs - startMs <= endMs),
        since,
      ),
    };
  });
}

type Since = (atMs: number) => number;

/** Ready pods from the start on, a point a change; what was before the start is its first point. */
function readyCurve(own: readonly PodSighting[], since: Since): [number, number][] {
  const ready = new Set<string>();
  const points: [number, number][] = [[0, 0]];
  for (const { atMs, uid, state } of own) {
    if (state === 'ready') ready.add(uid);
    else ready.delete(uid);
    const [lastMs, lastCount] = points.at(-1) ?? [0, 0];
    const ms = since(atMs);
    if (ms === lastMs) points[points.length - 1] = [ms, ready.size];
    else if (ready.size !== lastCount) points.push([ms, ready.size]);
  }
  return points;
}

/** From when a pod was made, ready or not, until it was gone: so long it holds what it asked for. */
function podSeconds(own: readonly PodSighting[], { since, endMs }: { since: Since; endMs: number }): number {
  const sum = [...new Set(own.map(({ uid }) => uid))].reduce((total, uid) => {
    const seen = own.filter(pod => pod.uid === uid);
    const gone = seen.find(({ state }) => state === 'gone');
    return total + (gone ? since(gone.atMs) : endMs) - since(seen[0]?.atMs ?? 0);
  }, 0);
  return Math.round(sum / 100) / 10;
}

function restartsOf(own: readonly PodSighting[]): number {
  const most = new Map<string, number>();
  for (const { uid, restarts } of own) most.set(uid, Math.max(most.get(uid) ?? 0, restarts));
  return [...most.values()].reduce((sum, restarts) => sum + restarts, 0);
}

/** What it said from the start on; the last before it is the first point. */
function autoscalerCurve(own: readonly AutoscalerSighting[], since: Since): RoleScaling['autoscaler'] {
  const points = own.map(({ atMs, messagesPerPod, current, desired }) => ({
    atMs: since(atMs),
    messagesPerPod,
    current,
    desired,
  }));
  const beforeStart = points.filter(({ atMs }) => atMs === 0);
  return [...beforeStart.slice(-1), ...points.filter(({ atMs }) => atMs > 0)];
}
