/** The user name and key that every Service Bus emulator shares; no secret. */
const SERVICE_BUS_KEY = 'SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE';

/** The storage emulators' public development account (learn.microsoft.com, "Use the Azurite emulator for local Azure Storage development"). */
export const devStorageAccount = {
  name: 'devstoreaccount1',
  key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
} as const;

/** The connection string that makes @azure/service-bus and Dapr talk plain AMQP to 127.0.0.1. */
export function serviceBusConnectionString(port: number): string {
  return `Endpoint=sb://127.0.0.1:${port};${SERVICE_BUS_KEY};UseDevelopmentEmulator=true;`;
}

/** The blob service's URL of the development account. */
export function blobEndpoint(port: number): string {
  return `http://127.0.0.1:${port}/${devStorageAccount.name}`;
}

/** The connection string for @azure/storage-blob. */
export function blobConnectionString(port: number): string {
  const { name, key } = devStorageAccount;
  return `DefaultEndpointsProtocol=http;AccountName=${name};AccountKey=${key};BlobEndpoint=${blobEndpoint(port)};`;
}
