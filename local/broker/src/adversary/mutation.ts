import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';

/** How long and from where fuzz targets run. The same seed and number of runs try the same inputs. */
export const fuzzing = {
  seed: Number(process.env.FUZZ_SEED ?? 1),
  numRuns: Number(process.env.FUZZ_RUNS ?? 500),
};

/** The conversations in the folder `corpus`, each a list of frames. */
export function readCorpus(): Buffer[][] {
  const folder = new URL('./corpus/', import.meta.url);
  return readdirSync(folder)
    .filter(name => name.endsWith('.hex'))
    .sort()
    .map(name => readFileSync(new URL(name, folder), 'utf8').trim().split('\n'))
    .map(lines => lines.map(line => Buffer.from(line, 'hex')));
}

/** Bytes of a corpus after some random changes; nothing but chance guides them. */
export function mutated(corpus: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const changes = fc.array(change(corpus), { maxLength: 6 });
  return fc.tuple(fc.constantFrom(...corpus), changes).map(([start, steps]) => {
    return steps.reduce((bytes, step) => step(bytes), start);
  });
}

type Change = (bytes: Buffer) => Buffer;

/** Type codes, lengths and numbers at which decoders break. */
const ODD_BYTES = [0x00, 0x01, 0x7f, 0x80, 0xff, 0x40, 0x45, 0x53, 0x70, 0x81, 0xa1, 0xb0, 0xc0, 0xc1, 0xd0, 0xf0];
const ODD_UINTS = [0, 1, 0xff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];

function change(corpus: readonly Buffer[]): fc.Arbitrary<Change> {
  const at = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const length = fc.integer({ min: 1, max: 16 });
  return fc.oneof(
    fc.tuple(at, fc.nat(7)).map(
      ([where, bit]): Change =>
        bytes => {
          return replace(bytes, where, [(bytes[indexIn(bytes, where)] ?? 0) ^ (1 << bit)]);
        },
    ),
    fc.tuple(at, fc.constantFrom(...ODD_BYTES)).map(
      ([where, byte]): Change =>
        bytes =>
          replace(bytes, where, [byte]),
    ),
    fc.tuple(at, fc.constantFrom(...ODD_UINTS)).map(
      ([where, uint]): Change =>
        bytes => {
          return replace(bytes, where, [uint >>> 24, (uint >>> 16) & 0xff, (uint >>> 8) & 0xff, uint & 0xff]);
        },
    ),
    fc.tuple(at, fc.uint8Array({ maxLength: 16 })).map(
      ([where, added]): Change =>
        bytes => {
          const index = indexIn(bytes, where);
          return Buffer.concat([bytes.subarray(0, index), added, bytes.subarray(index)]);
        },
    ),
    fc.tuple(at, length).map(
      ([where, count]): Change =>
        bytes => {
          const index = indexIn(bytes, where);
          return Buffer.concat([bytes.subarray(0, index), bytes.subarray(index + count)]);
        },
    ),
    fc.tuple(at, at, fc.constantFrom(...corpus)).map(
      ([where, from, other]): Change =>
        bytes => {
          return Buffer.concat([bytes.subarray(0, indexIn(bytes, where)), other.subarray(indexIn(other, from))]);
        },
    ),
  );
}

function indexIn(bytes: Buffer, where: number): number {
  return Math.floor(where * bytes.length);
}

function replace(bytes: Buffer, where: number, by: readonly number[]): Buffer {
  const index = indexIn(bytes, where);
  return Buffer.concat([bytes.subarray(0, index), Buffer.from(by), bytes.subarray(index + by.length)]);
}
