import type { Part, Pod } from './cluster.js';

/** Labels that the charts give. */
export const LABELS = {
  contender: 'app.kubernetes.io/name',
  role: 'app.kubernetes.io/component',
  part: 'order-bench/part',
} as const;

/** What every object says of itself. */
export interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  /** Set once it is being deleted. */
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly { readonly kind: string; readonly uid: string }[];
}

/** A pod, as far as a run cares. */
export interface PodObject {
  readonly metadata: Metadata;
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly {
      readonly name: string;
      readonly image: string;
      readonly resources?: { readonly limits?: Readonly<Record<string, string>> };
    }[];
  };
  readonly status: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    /** Sorted by name, unlike the containers. */
    readonly containerStatuses?: readonly {
      readonly name: string;
      readonly restartCount: number;
      readonly imageID?: string;
    }[];
  };
}

/** A pod in a run's own words. */
export function pod({ metadata, spec, status }: PodObject): Pod {
  const { namespace, name, uid, labels = {} } = metadata;
  const containers = status.containerStatuses ?? [];
  const [first] = spec.containers;
  const namedImage = first?.image ?? '';
  const [, tag] = /:([^:/]+)$/.exec(namedImage.replace(/@.*$/, '')) ?? [];
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
    image: containers.find(each => each.name === first?.name)?.imageID || namedImage,
    namedImage,
    ...(tag !== undefined && { tag }),
    limits: first?.resources?.limits ?? {},
  };
}
