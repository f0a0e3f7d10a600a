import type { ServiceBusClient } from '@azure/service-bus';
import { checkoutDir, controlStatus } from '@order-bench/rig';
import { connectServiceBus, SERVICEBUS_VARIABLE } from '../sites/cluster/service-bus-connection.js';
import { UsageError } from '../text/usage-error.js';

/** Whose dead letters are meant. */
export interface TargetFlags {
  readonly target: 'local' | 'azure';
  readonly namespace?: string;
}

/**
 * A client for the rig that runs in this checkout, or for a namespace in Azure.
 *
 * @throws UsageError where no rig is running, or none of Azure's namespaces is named.
 */
export async function openTarget({ target, namespace }: TargetFlags): Promise<ServiceBusClient> {
  if (target === 'azure') return connectServiceBus({ namespace, connectionString: process.env[SERVICEBUS_VARIABLE] });
  if (namespace !== undefined) throw new UsageError('--namespace is for --target azure');
  const connectionString = (await controlStatus(checkoutDir))?.serviceBusConnectionString;
  if (connectionString === undefined)
    throw new UsageError("no rig is up in this checkout: start one with 'make rig-up', or take --target azure");
  return connectServiceBus({ connectionString });
}
