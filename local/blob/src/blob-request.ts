import type { IncomingHttpHeaders } from 'node:http';
import type { RequestTarget } from './request-target.js';

/** A request whose signature holds and whose body has arrived. */
export interface BlobRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly target: RequestTarget;
  readonly body: Buffer;
}
