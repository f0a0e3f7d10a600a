export { type BlobServer, type BlobServerOptions, startBlobServer } from './blob-server.js';
export { blobConnectionString, DEVELOPMENT_ACCOUNT, DEVELOPMENT_KEY } from './development-account.js';
export type { Fault } from './faults.js';
