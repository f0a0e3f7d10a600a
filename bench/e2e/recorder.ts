import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { type AppAddresses, checkoutDir, type RigApp } from '@order-bench/rig';

/** One call of an input binding, as it reached the app. */
export interface Delivery {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An answer of Dapr's HTTP API. */
export interface DaprAnswer {
  readonly status: number;
  readonly body: string;
}

/** The test's own app (bench/test-apps/recorder) under one app id, and the daprd beside it. */
export class Recorder {
  readonly app: RigApp;
  #addresses: AppAddresses | undefined;

  constructor(appId: string) {
    this.app = {
      appId,
      healthPath: '/healthz',
      dapr: true,
      launch: addresses => {
        this.#addresses = addresses;
        return {
          command: [process.execPath, 'app.mjs'],
          cwd: join(checkoutDir, 'bench', 'test-apps', 'recorder'),
          env: { PORT: `${addresses.port}` },
        };
      },
    };
  }

  /** The calls that carried this message, oldest first. */
  async deliveriesOf(messageId: string): Promise<Delivery[]> {
    const response = await this.#call('GET', '/received');
    const received = (await response.json()) as { path: string; headers: IncomingHttpHeaders; body: string }[];
    return received
      .filter(({ headers }) => headers.id === messageId)
      .map(({ path, headers, body }) => ({ path, headers, body: Buffer.from(body, 'base64') }));
  }

  /** Sets the status of all answers to an input binding from now on; null: none until the next call. */
  async answer(binding: string, status: number | null): Promise<void> {
    await this.#call('PUT', '/answer', JSON.stringify({ path: `/${binding}`, status }));
  }

  /** Forgets what came and answers 200 to everything again. */
  async forget(): Promise<void> {
    await this.#call('DELETE', '/received');
  }

  /** Has its daprd invoke an output binding. */
  async invoke(binding: string, request: { dataJson: string; metadata: Record<string, string> }): Promise<DaprAnswer> {
    const response = await fetch(`${this.#where().daprUrl}/v1.0/bindings/${binding}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      // Put together as text: JSON.stringify would write some data otherwise than the test means it (-0 as 0).
      body: `{"operation":"create","metadata":${JSON.stringify(request.metadata)},"data":${request.dataJson}}`,
    });
    return { status: response.status, body: await response.text() };
  }

  async #call(method: string, path: string, body?: string): Promise<Response> {
    const { appId, host, port } = this.#where();
    const response = await fetch(`http://${host}:${port}${path}`, { method, ...(body === undefined ? {} : { body }) });
    if (!response.ok) throw new Error(`${method} ${path} at app ${appId} answered ${response.status}: see its log`);
    return response;
  }

  #where(): AppAddresses {
    if (!this.#addresses) throw new Error(`app ${this.app.appId} was not launched: start the rig first`);
    return this.#addresses;
  }
}
