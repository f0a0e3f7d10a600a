import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';

const API_VERSION = '2023-11-03';

/** Writes one blob; resolves when the store has confirmed it. */
export type WriteBlob = (container: string, name: string, body: Buffer) => Promise<void>;

/**
 * Put Blob with Shared Key and nothing around it, so that the store is the limit and not its client
 * (learn.microsoft.com, "Authorize with Shared Key").
 */
export function blobWriter(connectionString: string, connections: number): WriteBlob {
  const parts = new Map(
    connectionString.split(';').map(part => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  );
  const account = parts.get('AccountName') ?? '';
  const key = Buffer.from(parts.get('AccountKey') ?? '', 'base64');
  const endpoint = new URL(parts.get('BlobEndpoint') ?? '');
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return (container, name, body) =>
    new Promise((resolve, reject) => {
      const path = `${endpoint.pathname}/${container}/${name}`;
      const date = new Date().toUTCString();
      const canonicalHeaders = `x-ms-blob-type:BlockBlob\nx-ms-date:${date}\nx-ms-version:${API_VERSION}`;
      const toSign = `PUT\n\n\n${body.length}\n\napplication/json\n\n\n\n\n\n\n${canonicalHeaders}\n/${account}${path}`;
      const put = request(
        {
          agent,
          host: endpoint.hostname,
          port: endpoint.port,
          path,
          method: 'PUT',
          headers: {
            'content-length': body.length,
            'content-type': 'application/json',
            'x-ms-blob-type': 'BlockBlob',
            'x-ms-date': date,
            'x-ms-version': API_VERSION,
            authorization: `SharedKey ${account}:${createHmac('sha256', key).update(toSign).digest('base64')}`,
          },
        },
        response => {
          response.resume();
          if (response.statusCode === 201) resolve();
          else
            reject(
              new Error(`PUT ${path} answered ${response.statusCode} ${response.headers['x-ms-error-code'] ?? ''}`),
            );
        },
      );
      put.on('error', reject);
      put.end(body);
    });
}
