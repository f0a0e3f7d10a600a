import { ServiceBusClient } from '@azure/service-bus';
import { UsageError } from '../../text/usage-error.js';
import { azureCredential } from './azure-credential.js';

/** The environment variable that holds a connection string, the same that the generator reads. */
export const SERVICEBUS_VARIABLE = 'SERVICEBUS_CONNECTION_STRING';

/** Which namespace to connect to. */
export interface ServiceBusAddress {
  /** Fully qualified, e.g. `orders.servicebus.windows.net`; signed in to as whoever `az login` or the pod's identity is. */
  readonly namespace?: string | undefined;
  /** Taken where no namespace is named. */
  readonly connectionString?: string | undefined;
}

/**
 * A client for a namespace in Azure, or for a connection string anywhere. It opens no connection before it is used.
 *
 * @throws UsageError where neither is given, or the name is not fully qualified.
 */
export function connectServiceBus({ namespace, connectionString }: ServiceBusAddress): ServiceBusClient {
  // The client's own delay of 30 s between tries is longer than anybody at a terminal waits.
  const options = { retryOptions: { maxRetries: 3, retryDelayInMs: 500 } };
  if (namespace !== undefined) {
    if (!/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/i.test(namespace))
      throw new UsageError(`'${namespace}' is no namespace: give it whole, e.g. orders.servicebus.windows.net`);
    return new ServiceBusClient(namespace, azureCredential(), options);
  }
  if (!connectionString) {
    throw new UsageError(
      `there is no namespace to connect to: give --namespace <name>.servicebus.windows.net, or put a connection string into ${SERVICEBUS_VARIABLE}`,
    );
  }
  return new ServiceBusClient(connectionString, options);
}
