import type { RunResult } from '../../results/result.js';
import { measuredRun, type RunBasics } from '../../run/measured-run.js';
import { type ClusterSiteOptions, openClusterSite } from './cluster-site.js';
import { FIXED_PODS } from './fixed-pods.js';
import { PlaceFailed } from './place-failed.js';
import { scaledPods } from './scaled-pods.js';

/** What to run on a cluster. */
export interface ClusterRunOptions extends RunBasics, Pick<ClusterSiteOptions, 'cluster' | 'openPlace' | 'standIn'> {
  /** Size of each order; as the generator makes them where it is absent. */
  readonly payloadBytes: number | undefined;
  /** Orders before the first one that counts; `WARM_UP_ORDERS` where it is absent. */
  readonly warmUpOrders: number | undefined;
}

/**
 * One measured run on a cluster.
 *
 * @throws PlaceFailed where kubectl, the queues or the store refuse; else as measuredRun and openClusterSite.
 */
export async function runOnCluster(options: ClusterRunOptions): Promise<RunResult> {
  return placeFailures(() => measuredRun({ ...options, openSite: () => openClusterSite(options, FIXED_PODS) }));
}

/** What to scale on a cluster. */
export interface ScaledRunOptions
  extends Omit<RunBasics, 'plan' | 'malformed'>,
    Pick<ClusterSiteOptions, 'cluster' | 'openPlace' | 'standIn'> {
  /** Pods of each role as the burst begins. */
  readonly from: number;
}

/**
 * One burst with KEDA at work, from pods that have just started or from none: whoever scales meets cold processes.
 *
 * @throws PlaceFailed where kubectl, the queues or the store refuse; else as measuredRun, openClusterSite and scaledPods.
 */
export async function runScaled(options: ScaledRunOptions): Promise<RunResult> {
  return placeFailures(() =>
    measuredRun({
      ...options,
      malformed: 0,
      plan: { mode: 'cold' },
      payloadBytes: undefined,
      warmUpOrders: undefined,
      openSite: () => openClusterSite(options, scaledPods(options.from)),
    }),
  );
}

/** What the bench's own clients are refused is none of a contender's doing: it becomes PlaceFailed. */
async function placeFailures<Done>(body: () => Promise<Done>): Promise<Done> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof Error && REFUSALS.has(error.name)) {
      throw new PlaceFailed(`queues or blobs refused what the run needs: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/** Names of the errors with which the clients of Service Bus, Blob Storage and Microsoft's sign-in fail. */
const REFUSALS: ReadonlySet<string> = new Set([
  'ServiceBusError',
  'MessagingError',
  'RestError',
  'AuthenticationError',
  'AggregateAuthenticationError',
  'CredentialUnavailableError',
]);
