import type * as v from 'valibot';
import { faultsIn } from '../text/shape.js';
import { UsageError } from '../text/usage-error.js';

/** One kind of file below results/: how it is checked before it is written, and how it is read. */
export interface StoredFormat<Stored> {
  /** @throws Error when a value does not fit its shape: a mistake in this program, and nothing may be written. */
  check(value: Stored): void;
  /**
   * Reads one file's text.
   *
   * @param name where the text is from, for messages: a path, or a path in a git revision.
   * @throws UsageError when it is cut off or no JSON, of a version that this program does not know, or does not fit its shape.
   */
  parse(text: string, name: string): Stored;
}

/** What a kind of file is. */
export interface FormatOptions<Shape extends v.GenericSchema> {
  /** What `bench schema` calls it. */
  readonly title: string;
  /** The version that is written. */
  readonly version: number;
  readonly shape: Shape;
  /** How a file of an older version becomes one of the next; by the older version. */
  readonly upgrades?: Readonly<Record<number, (older: Readonly<Record<string, unknown>>) => object>>;
}

/** The files of one kind, of the newest version and of those that can be made it. */
export function storedFormat<Shape extends v.GenericSchema>(
  options: FormatOptions<Shape>,
): StoredFormat<v.InferOutput<Shape>> {
  const { title, shape } = options;
  return {
    check(value) {
      const faults = faultsIn(shape, value);
      if (faults.length > 0) throw new Error(`what was to be stored is no ${title}: ${faults.join('; ')}`);
    },
    parse(text, name) {
      const value = upgraded(parseJson(text, name), options, name);
      const faults = faultsIn(shape, value);
      if (faults.length > 0) {
        throw new UsageError(
          `${name} is no ${title} (node_modules/.bin/bench schema ${title}): ${faults.join('; ')}. Result files are never edited: ${REMEDY}`,
        );
      }
      return value as v.InferOutput<Shape>;
    },
  };
}

const REMEDY = 'restore it (git checkout), or move it out of the results folder';

/** The value as one of the version that is written. */
function upgraded(value: unknown, { version, upgrades = {} }: FormatOptions<v.GenericSchema>, name: string): unknown {
  if (typeof value !== 'object' || value === null || !('schemaVersion' in value)) {
    throw new UsageError(`${name} is not a result file (it has no schemaVersion): move it out of the results folder`);
  }
  let newest: { readonly schemaVersion: unknown } = value;
  while (newest.schemaVersion !== version) {
    const found = newest.schemaVersion;
    const upgrade = typeof found === 'number' ? upgrades[found] : undefined;
    if (!upgrade || typeof found !== 'number') {
      throw new UsageError(
        `${name} has schemaVersion ${JSON.stringify(found)}, and this checkout reads version ${version}: ` +
          'use a checkout as new as the one that wrote the file, or move it out of the results folder',
      );
    }
    newest = { ...upgrade({ ...newest }), schemaVersion: found + 1 };
  }
  return newest;
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(
      `${name} is cut off or is no JSON (${text.length} characters; ${(cause as Error).message}): ${REMEDY}`,
      { cause },
    );
  }
}
