import { get } from 'fermyon:spin/variables@2.0.0';

/*
 * What the Spin app takes from @fermyon/spin-sdk, which has no successor of one package: build.mjs puts this in its place, so
 * that both components are made of the same sources.
 */

/** An app's variables. */
export const Variables = {
  /** The value of a variable; null where the manifest gives the component none. */
  get(name: string): string | null {
    try {
      return get(name);
    } catch {
      return null;
    }
  },
};

/** Builds the answer to a request. */
export class ResponseBuilder {
  readonly #resolve: (response: Response) => void;
  readonly #headers = new Headers();
  #status = 200;

  /** @param resolve takes the answer once it is sent. */
  constructor(resolve: (response: Response) => void) {
    this.#resolve = resolve;
  }

  status(status: number): this {
    this.#status = status;
    return this;
  }

  set(name: string, value: string): this {
    this.#headers.set(name, value);
    return this;
  }

  send(body?: string): void {
    this.#resolve(new Response(body ?? null, { status: this.#status, headers: this.#headers }));
  }
}
