import type { AutoscalerSighting, PodSighting } from '../../figures/scaling.js';
import type { ScaledObject, ScalingWatch } from './cluster.js';
import { type WatchEvent, type WatchOptions, watchObjects } from './kubectl-watch.js';
import { type PodObject, pod } from './pod-object.js';
import { quantity } from './quantity.js';

/** A HorizontalPodAutoscaler, as far as scaling cares. */
export interface AutoscalerObject {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly scaleTargetRef: { readonly name: string } };
  readonly status?: {
    readonly currentReplicas?: number;
    readonly desiredReplicas?: number;
    readonly currentMetrics?: readonly {
      readonly external?: { readonly current?: { readonly averageValue?: string; readonly value?: string } };
    }[];
  };
}

/** What is watched: the apps that these objects scale, all of one contender. */
export interface ScalingWatchOptions {
  readonly scaled: readonly ScaledObject[];
  /** Finds the pods of its apps, in kubectl's words. */
  readonly selector: string;
  readonly signal: AbortSignal;
}

/** Watches the pods and the autoscalers of one contender; every sighting has the time at which kubectl told it. */
export function watchScaling({ scaled, selector, signal }: ScalingWatchOptions): ScalingWatch {
  const pods: PodSighting[] = [];
  const autoscalers: AutoscalerSighting[] = [];
  const place = ['--namespace', scaled[0]?.namespace ?? ''];
  const roles = new Map(scaled.map(({ target, role }) => [target, role]));
  const watch = <Item>(args: readonly string[], onEvent: WatchOptions<Item>['onEvent']) =>
    watchObjects({ args: [...args, ...place], signal, onEvent });
  const watches = [
    watch<PodObject>(['pods', '--selector', selector], event => pods.push(podSighting(event))),
    watch<AutoscalerObject>(['horizontalpodautoscalers'], ({ type, object }) => {
      const role = roles.get(object.spec.scaleTargetRef.name);
      if (role !== undefined && type !== 'DELETED') autoscalers.push(autoscalerSighting(role, object));
    }),
  ];
  return {
    sightings: { pods, autoscalers },
    failure: Promise.race(watches.map(({ failure }) => failure)),
    stop: () => {
      for (const each of watches) each.stop();
    },
  };
}

function podSighting({ type, object }: WatchEvent<PodObject>): PodSighting {
  const { uid, role, isReady, restarts } = pod(object);
  const isLeaving = object.metadata.deletionTimestamp !== undefined;
  const state = type === 'DELETED' ? 'gone' : isReady && !isLeaving ? 'ready' : 'waiting';
  return { atMs: Date.now(), role, uid, state, restarts };
}

function autoscalerSighting(role: string, { status = {} }: AutoscalerObject): AutoscalerSighting {
  const reading = status.currentMetrics?.[0]?.external?.current?.averageValue;
  return {
    atMs: Date.now(),
    role,
    messagesPerPod: reading === undefined ? null : Math.round(quantity(reading) * 1000) / 1000,
    current: status.currentReplicas ?? 0,
    desired: status.desiredReplicas ?? 0,
  };
}
