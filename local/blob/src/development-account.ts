/** The account every Azure storage emulator serves. */
export const DEVELOPMENT_ACCOUNT = 'devstoreaccount1';

/** The key of that account, base64: printed in Microsoft's documentation, the same everywhere, and no secret. */
export const DEVELOPMENT_KEY =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** The connection string with which @azure/storage-blob reaches a blob server on `port` of a host. */
export function blobConnectionString(port: number, host = '127.0.0.1'): string {
  return (
    `DefaultEndpointsProtocol=http;AccountName=${DEVELOPMENT_ACCOUNT};AccountKey=${DEVELOPMENT_KEY};` +
    `BlobEndpoint=http://${host}:${port}/${DEVELOPMENT_ACCOUNT};`
  );
}
