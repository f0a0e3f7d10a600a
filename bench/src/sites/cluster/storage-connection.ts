import { BlobServiceClient } from '@azure/storage-blob';
import { UsageError } from '../../text/usage-error.js';
import { azureCredential } from './azure-credential.js';

/** The environment variable that holds a connection string, the same that the generator reads. */
export const BLOB_VARIABLE = 'BLOB_CONNECTION_STRING';

/** Which storage account to connect to. */
export interface StorageAddress {
  /** Of the blob service, e.g. `https://orders.blob.core.windows.net`; signed in to as for Service Bus. */
  readonly accountUrl?: string | undefined;
  /** Taken where no account is named. */
  readonly connectionString?: string | undefined;
}

/**
 * A client for a storage account in Azure, or for a connection string anywhere.
 *
 * @throws UsageError where neither is given, or one is not well formed; it never repeats a connection string.
 */
export function connectStorage({ accountUrl, connectionString }: StorageAddress): BlobServiceClient {
  if (accountUrl !== undefined) {
    if (!/^https:\/\/[a-z0-9][a-z0-9.-]*\/?$/i.test(accountUrl)) {
      throw new UsageError(
        `'${accountUrl}' is no blob service: give it whole, e.g. https://orders.blob.core.windows.net`,
      );
    }
    return new BlobServiceClient(accountUrl, azureCredential());
  }
  if (!connectionString) {
    throw new UsageError(
      `there is no storage account to connect to: give --account-url https://<name>.blob.core.windows.net, or put a connection string into ${BLOB_VARIABLE}`,
    );
  }
  try {
    return BlobServiceClient.fromConnectionString(connectionString);
  } catch (cause) {
    throw new UsageError(`${BLOB_VARIABLE} holds no connection string of a storage account`, { cause });
  }
}
