import { ServiceBusClient } from '@azure/service-bus';
import { BlobServiceClient } from '@azure/storage-blob';
import { requiredVariable } from './required-variable.js';

/** The blob store of `BLOB_CONNECTION_STRING`. @throws VariableMissing */
export function connectBlobs(environment: NodeJS.ProcessEnv): BlobServiceClient {
  return BlobServiceClient.fromConnectionString(requiredVariable(environment, 'BLOB_CONNECTION_STRING'));
}

/** The Service Bus namespace of `SERVICEBUS_CONNECTION_STRING`. @throws VariableMissing */
export function connectServiceBus(environment: NodeJS.ProcessEnv): ServiceBusClient {
  // The client's own delay of 30 s between tries is longer than most scheduling has time for.
  return new ServiceBusClient(requiredVariable(environment, 'SERVICEBUS_CONNECTION_STRING'), {
    retryOptions: { maxRetries: 3, retryDelayInMs: 500 },
  });
}
