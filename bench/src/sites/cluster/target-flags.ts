import { type Command, Option } from 'commander';
import { TUNING_FLAGS, type TuningFlags } from '../../contenders/tuning-flags.js';
import type { Target } from '../../results/result.js';
import { UsageError } from '../../text/usage-error.js';
import type { AzureTarget } from './azure-site.js';
import { kubectlCluster } from './kubectl.js';
import { connectServiceBus, SERVICEBUS_VARIABLE } from './service-bus-connection.js';
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
      new Option('--target <target>', 'local: a rig of its own on this machine; azure: contenders that are installed')
        .choices(['local', 'azure'])
        .default('local'),
    )
    .option('--namespace <host>', 'azure: Service Bus namespace, as in orders.servicebus.windows.net')
    .option('--account-url <url>', 'azure: blob service, as in https://orders.blob.core.windows.net')
    .option('--force', 'azure: empty queues and containers even if the bench did not fill them', false)
    .addHelpText(
      'after',
      `\nWith --target azure (deploy/README.md, step 7): whoever is signed in (az login) uses namespace and account; without the
flags ${SERVICEBUS_VARIABLE} and ${BLOB_VARIABLE} are read. The cluster is that of kubectl's
current context (KUBECONFIG). Every contender on it is scaled to 0 but the one that runs, and queues and outboxes are emptied.`,
    );
}

/** What of a run's settings the chart decides on Azure: everything but the orders themselves. */
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
    `--${foreign.name} sets nothing on Azure: change the values of deploy/chart, and install the contender again`,
  );
}

/**
 * Where to run on Azure; undefined for a run on this machine.
 *
 * @throws UsageError for flags that do not go together, or where nothing says what to connect to.
 */
export function azureTarget(flags: TargetFlags, signal: AbortSignal): AzureTarget | undefined {
  const { target, namespace, accountUrl, force } = flags;
  if (target === 'local') {
    if (namespace !== undefined || accountUrl !== undefined || force) {
      throw new UsageError('--namespace, --account-url and --force are for --target azure');
    }
    return undefined;
  }
  mustFitTarget(target, flags);
  const address = { namespace, connectionString: process.env[SERVICEBUS_VARIABLE] };
  return {
    connectBus: () => connectServiceBus(address),
    blobs: connectStorage({ accountUrl, connectionString: process.env[BLOB_VARIABLE] }),
    cluster: kubectlCluster(signal),
    force,
  };
}
