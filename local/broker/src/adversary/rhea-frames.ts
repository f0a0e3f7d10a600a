import { createRequire } from 'node:module';

/** A frame as rhea reads and writes it. */
export interface RheaFrame {
  readonly type: number;
  readonly channel: number;
  readonly performative?: unknown;
  readonly payload?: Buffer;
}

type Fields = Readonly<Record<string, unknown>>;

/** rhea's encoder and decoder of frames, and its performatives by name: another implementation for tests to judge by. */
export const rheaFrames = createRequire(import.meta.url)('rhea/lib/frames.js') as {
  read_frame(encoded: Buffer): RheaFrame | null;
  write_frame(frame: RheaFrame): Buffer;
} & Readonly<
  Record<'open' | 'begin' | 'attach' | 'flow' | 'transfer' | 'disposition' | 'detach', (fields: Fields) => object>
>;

/** Fields of a performative by the names that rhea gives them. */
export function rheaNames(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}
