import type { Fault } from '@order-bench/blob';
import { readJson } from './read-json.js';

/** How much one container holds. */
export interface ContainerState {
  readonly name: string;
  readonly blobs: number;
  readonly sizeBytes: number;
  /** Put operations since the start or the last emptying; more than `blobs` where a blob was written twice. */
  readonly writes: number;
}

/** Every write of one blob name, as the blob server recorded it. */
export interface BlobWrite {
  readonly name: string;
  readonly sizeBytes: number;
  /** Base64, as in the Content-MD5 header. */
  readonly contentMd5: string;
  /** Milliseconds since the epoch, with fractions, as the PUT finished. */
  readonly firstWrittenAtMs: number;
  readonly lastWrittenAtMs: number;
  readonly writes: number;
}

/** The blob server's side door: counts and write times over HTTP, outside the measured path. */
export class BlobAdmin {
  constructor(readonly url: string) {}

  async containers(): Promise<ContainerState[]> {
    return (await readJson<{ containers: ContainerState[] }>(`${this.url}/containers`)).containers;
  }

  async writes(container: string): Promise<BlobWrite[]> {
    return (await readJson<{ writes: BlobWrite[] }>(`${this.url}/containers/${container}/writes`)).writes;
  }

  async empty(container: string): Promise<void> {
    await readJson(`${this.url}/containers/${container}/blobs`, { method: 'DELETE' });
  }

  /** Fails so until `recover`; only a rig that was started with `faults` can. */
  async fail(fault: Fault): Promise<void> {
    await readJson(`${this.url}/fault`, { method: 'PUT', body: fault });
  }

  /** Ends the fault. */
  async recover(): Promise<void> {
    await readJson(`${this.url}/fault`, { method: 'DELETE' });
  }
}
