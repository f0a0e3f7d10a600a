// azure-front-main.js <host> <certificate> <key>: the front of node/stand-ins.ts, a process of its own inside the node.
import { readFile } from 'node:fs/promises';
import { makeContainer, startAzureFront } from './azure-front.js';
import { ACCOUNT, ACCOUNT_KEY, BLOB_PORT, BROKER_PORT, CONTAINERS } from './stand-ins.js';

const [host = '', certificate = '', key = ''] = process.argv.slice(2);
const options = {
  host,
  certificate: await readFile(certificate, 'utf8'),
  key: await readFile(key, 'utf8'),
  brokerPort: BROKER_PORT,
  blobPort: BLOB_PORT,
  account: ACCOUNT,
  accountKey: ACCOUNT_KEY,
};
for (const container of CONTAINERS) await makeContainer(container, options);
await startAzureFront(options);
