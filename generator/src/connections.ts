import { ServiceBusClient } from '@azure/service-bus';
import { BlobServiceClient } from '@azure/storage-blob';

/** An environment variable that the command needs is not set. */
export class VariableMissing extends Error {
  override readonly name = 'VariableMissing';
}

/** The blob store of `BLOB_CONNECTION_STRING`. @throws VariableMissing */
export function connectBlobs(environment: NodeJS.ProcessEnv): BlobServiceClient {
  return BlobServiceClient.fromConnectionString(read(environment, 'BLOB_CONNECTION_STRING'));
}

/** The Service Bus namespace of `SERVICEBUS_CONNECTION_STRING`. @throws VariableMissing */
export function connectServiceBus(environment: NodeJS.ProcessEnv): ServiceBusClient {
  // The client's own delay of 30 s between tries is longer than most scheduling has time for.
  return new ServiceBusClient(read(environment, 'SERVICEBUS_CONNECTION_STRING'), {
    retryOptions: { maxRetries: 3, retryDelayInMs: 500 },
  });
}

function read(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  if (!value)
    throw new VariableMissing(
      `the environment variable ${name} is not set: put a connection string into it (make rig-up prints the rig's)`,
    );
  return value;
}
