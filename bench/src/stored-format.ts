import { schemaValidator } from './schema.js';
import { UsageError } from './usage-error.js';

/** One kind of file below results/: how it is checked before it is written, and how it is read. */
export interface StoredFormat<T extends { readonly schemaVersion: number }> {
  /** @throws Error when a value does not fit the published schema: a mistake in this program, and nothing may be written. */
  check(value: T): void;
  /**
   * Reads one file's text.
   *
   * @param name where the text is from, for messages: a path, or a path in a git revision.
   * @throws UsageError when it is cut off or no JSON, of a version that this program does not know, or does not fit the schema.
   */
  parse(text: string, name: string): T;
}

/** The files of a version; their schema is one of bench/schemas/. */
export function storedFormat<T extends { readonly schemaVersion: number }>(
  version: T['schemaVersion'],
  schema: string,
): StoredFormat<T> {
  const faultsOf = schemaValidator(schema);
  return {
    check(value) {
      const faults = faultsOf(value);
      if (faults.length > 0)
        throw new Error(`what was to be stored does not fit bench/schemas/${schema}: ${faults.join('; ')}`);
    },
    parse(text, name) {
      const value = parseJson(text, name);
      const found = versionOf(value);
      if (found === undefined)
        throw new UsageError(
          `${name} is not a result file (it has no schemaVersion): move it out of the results folder`,
        );
      if (found !== version) {
        throw new UsageError(
          `${name} has schemaVersion ${JSON.stringify(found)}, and this checkout reads version ${version} only: ` +
            'use a checkout as new as the one that wrote the file, or move it out of the results folder',
        );
      }
      const faults = faultsOf(value);
      if (faults.length > 0) {
        throw new UsageError(
          `${name} does not fit bench/schemas/${schema}: ${faults.join('; ')}. Result files are never edited: ${REMEDY}`,
        );
      }
      return value as T;
    },
  };
}

const REMEDY = 'restore it (git checkout), or move it out of the results folder';

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

function versionOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'schemaVersion' in value ? value.schemaVersion : undefined;
}
