import { type Command, Option } from 'commander';
import { TUNING_FLAGS, type TuningFlags } from '../../contenders/tuning-flags.js';
import type { Target } from '../../results/result.js';
import { UsageError } from '../../text/usage-error.js';
import { openAzurePlace } from './azure-place.js';
import type { ClusterSiteOptions } from './cluster-site.js';
import { kubectlCluster } from './kubectl.js';
import { connectServiceBus, SERVICEBUS_VARIABLE } from './service-bus-connection.js';
import { openStandInsPlace } from './stand-ins-place.js';
import { BLOB_VARIABLE, connectStorage } from './storage-connection.js';

/** Where to run, as the flags of a command give it. */
export interface TargetFlags extends TuningFlags {
  readonly target: Target;
  readonly namespace?: string;
  readonly accountUrl?: string;
  readonly force: boolean;
}

/** Adds the flags that name a target, and what the environment may say instead. */
export function addTargetFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--target <target>',
        'local: a rig of its own on this machine; kubernetes: what is installed on a cluster, with broker and blob server inside it; azure: the same with Service Bus and a storage account',
      )
        .choices(['local', 'kubernetes', 'azure'])
        .default('local'),
    )
    .option('--namespace <host>', 'azure: Service Bus namespace, as in orders.servicebus.windows.net')
    .option('--account-url <url>', 'azure: blob service, as in https://orders.blob.core.windows.net')
    .option('--force', 'azure: empty queues and containers even if the bench did not fill them', false)
    .addHelpText(
      'after',
      `\nWith --target kubernetes and azure (deploy/README.md) the cluster is that of kubectl's current context (KUBECONFIG). Every
contender on it is scaled to 0 but the one that runs, and queues and outboxes are emptied. On Azure whoever is signed in (az
login) uses namespace and account; without the flags ${SERVICEBUS_VARIABLE} and ${BLOB_VARIABLE} are read.`,
    );
}

/** What of a run's settings is left to it on a cluster, where the chart decides the rest: the orders themselves. */
const OF_THE_ORDERS: readonly (keyof TuningFlags)[] = ['payloadBytes', 'warmUp'];

/**
 * Holds a run's settings against where it takes place.
 *
 * @throws UsageError for one that would set nothing there.
 */
export function mustFitTarget(target: Target, settings: TuningFlags): void {
  if (target === 'local') return;
  const foreign = TUNING_FLAGS.find(({ key }) => settings[key] !== undefined && !OF_THE_ORDERS.includes(key));
  if (!foreign) return;
  throw new UsageError(
    `--${foreign.name} sets nothing on a cluster: change the values of deploy/chart, and install the contender again`,
  );
}

/** A cluster, and the queues and blobs that contenders on it work at. */
export type ClusterTarget = Pick<ClusterSiteOptions, 'cluster' | 'openPlace'>;

/**
 * Where to run on a cluster; undefined for a run on this machine.
 *
 * @throws UsageError for flags that do not go together, or where nothing says what to connect to.
 */
export function clusterTarget(flags: TargetFlags, signal: AbortSignal): ClusterTarget | undefined {
  const { target, namespace, accountUrl, force } = flags;
  if (target !== 'azure' && (namespace !== undefined || accountUrl !== undefined || force)) {
    throw new UsageError('--namespace, --account-url and --force are for --target azure');
  }
  if (target === 'local') return undefined;
  mustFitTarget(target, flags);
  const cluster = kubectlCluster(signal);
  if (target === 'kubernetes') return { cluster, openPlace: pipeline => openStandInsPlace(cluster, pipeline) };
  const address = { namespace, connectionString: process.env[SERVICEBUS_VARIABLE] };
  const blobs = connectStorage({ accountUrl, connectionString: process.env[BLOB_VARIABLE] });
  return {
    cluster,
    openPlace: async () => openAzurePlace({ connectBus: () => connectServiceBus(address), blobs, force }),
  };
}
