/** When something was last changed, in each form that the service shows. */
export interface Modification {
  /** Milliseconds since the epoch, with fractions: the clock's own reading. */
  readonly atMs: number;
  /** Whole seconds in milliseconds since the epoch: what conditional headers are compared with. */
  readonly secondMs: number;
  /** The same second as an HTTP date: the Last-Modified header. */
  readonly lastModified: string;
  /** In quotes, as in the ETag header. */
  readonly etag: string;
}

/**
 * Gives every change a time of its own, later than the one before by at least one tick of 100 ns, so that no two
 * changes share an ETag. Last-Modified is the same time cut to the second, as on Azure.
 */
export class ModificationClock {
  readonly #now: () => number;
  #wholeMs = 0;
  #ticks = 0;
  #secondMs = -1;
  #lastModified = '';

  constructor(now: () => number) {
    this.#now = now;
  }

  next(): Modification {
    const atMs = this.#now();
    const wholeMs = Math.floor(atMs);
    const ticks = Math.floor((atMs - wholeMs) * TICKS_PER_MS);
    if (wholeMs > this.#wholeMs || (wholeMs === this.#wholeMs && ticks > this.#ticks)) {
      this.#wholeMs = wholeMs;
      this.#ticks = ticks;
    } else if (++this.#ticks === TICKS_PER_MS) {
      this.#wholeMs++;
      this.#ticks = 0;
    }
    const secondMs = this.#wholeMs - (this.#wholeMs % 1000);
    if (secondMs !== this.#secondMs) {
      this.#secondMs = secondMs;
      this.#lastModified = new Date(secondMs).toUTCString();
    }
    const etag = etagOf(this.#wholeMs, this.#ticks);
    return { atMs, secondMs, lastModified: this.#lastModified, etag };
  }
}

/**
 * The ETag of a change made `wholeMs` milliseconds after the epoch and `ticks` times 100 ns: its ticks since
 * 0001-01-01 UTC in hexadecimal, as Azure's ETags are observed to be made.
 */
export function etagOf(wholeMs: number, ticks: number): string {
  const sinceYearOne = BigInt(wholeMs + EPOCH_AFTER_YEAR_ONE_MS) * BigInt(TICKS_PER_MS) + BigInt(ticks);
  return `"0x${sinceYearOne.toString(16).toUpperCase()}"`;
}

const TICKS_PER_MS = 10_000;
const EPOCH_AFTER_YEAR_ONE_MS = 62_135_596_800_000;
