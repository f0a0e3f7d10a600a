import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, Pod } from './cluster.js';
import { PlaceFailed } from './place-failed.js';

/** What is watched, and how often. */
export interface PodWatchOptions {
  readonly cluster: Pick<Cluster, 'pods'>;
  /** As they were started. */
  readonly pods: readonly Pod[];
  readonly everyMs: number;
}

/** A look at pods again and again, until it is stopped. */
export interface PodWatch {
  /** Rejects with the name of the first pod that is gone or was restarted; never after the watch was stopped. */
  readonly failure: Promise<never>;
  stop(): void;
}

/**
 * Watches a contender's pods. A look that kubectl fails at says nothing of them, so the next one decides; a run that needs
 * kubectl fails by itself.
 */
export function watchPods(options: PodWatchOptions): PodWatch {
  const stop = new AbortController();
  const failure = new Promise<never>((_, reject) => {
    watch(options, stop.signal).catch(error => {
      if (!stop.signal.aborted) reject(error);
    });
  });
  // Whoever waits for a drain races it; where nobody does, it must not end the process as unhandled.
  failure.catch(() => {});
  return { failure, stop: () => stop.abort() };
}

async function watch({ cluster, pods, everyMs }: PodWatchOptions, signal: AbortSignal): Promise<void> {
  for (;;) {
    await delay(everyMs, undefined, { signal });
    try {
      await proveUnchanged(cluster, pods);
    } catch (error) {
      if (!(error instanceof PlaceFailed)) throw error;
    }
  }
}

/**
 * Makes sure that pods are the same that were started: a process of a measured run is never replaced, what it used before
 * would be missing.
 *
 * @throws Error with the name of one that is gone or was restarted; PlaceFailed where kubectl fails.
 */
export async function proveUnchanged(cluster: Pick<Cluster, 'pods'>, pods: readonly Pod[]): Promise<void> {
  const now = new Map((await cluster.pods()).map(pod => [pod.uid, pod]));
  for (const { uid, namespace, name, restarts } of pods) {
    const found = now.get(uid);
    const what = !found ? 'is gone' : found.restarts > restarts ? 'was restarted' : undefined;
    if (what) {
      throw new Error(
        `the pod ${namespace}/${name} ${what} during the run: kubectl describe pod, or kubectl logs --previous, says why`,
      );
    }
  }
}
