import type { RunningDrain } from '../report/charts/drain.js';

/** Above this many points every second one is dropped, so that a drain of any length stays cheap to draw. */
const MOST_POINTS = 200;

/** The curve of a drain as it comes, from its first written order on. */
export class DrainCurve {
  private startMs: number | undefined;
  private points: (readonly [number, number])[] = [];

  constructor(private readonly contender: string) {}

  /** @param atMs on a clock that never goes back. */
  add(written: number, atMs: number): void {
    if (written === 0 || written === this.points.at(-1)?.[1]) return;
    this.startMs ??= atMs;
    this.points.push([atMs - this.startMs, written]);
    if (this.points.length > MOST_POINTS) this.points = this.points.filter((_, index) => index % 2 === 0);
  }

  /** Null before the first order. */
  get drain(): RunningDrain | null {
    return this.points.length === 0 ? null : { contender: this.contender, curve: this.points };
  }
}
