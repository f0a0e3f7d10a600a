/** Counts what is in flight, and lets nothing more in once it is closed. */
export class Gate {
  #inside = 0;
  #closed = false;
  #whenEmpty: () => void = () => {};

  /** Whether `close` was called. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** Counts one in, or says false where the gate is closed. Who was let in must leave once. */
  enter(): boolean {
    if (this.#closed) return false;
    this.#inside++;
    return true;
  }

  /** Counts one out. */
  leave(): void {
    this.#inside--;
    if (this.#inside === 0) this.#whenEmpty();
  }

  /** Lets nothing more in; resolves once everything inside has left. */
  close(): Promise<void> {
    this.#closed = true;
    if (this.#inside === 0) return Promise.resolve();
    return new Promise(resolve => {
      this.#whenEmpty = resolve;
    });
  }
}
