import { storageError } from './storage-error.js';

/** Metadata by name, in the order and the case in which it was sent. */
export type Metadata = readonly (readonly [name: string, value: string])[];

/** The header that carries a piece of metadata begins so. */
export const METADATA_PREFIX = 'x-ms-meta-';

/**
 * The metadata among a request's headers. It reads Node's raw headers because names keep their case.
 *
 * @throws StorageError as the service documents: InvalidMetadata for a name that is no identifier or is there twice in
 * whatever case, MetadataTooLarge over 8 KiB in all.
 */
export function readMetadata(rawHeaders: readonly string[]): Metadata {
  let metadata: [string, string][] | undefined;
  let sizeBytes = 0;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const header = rawHeaders[i] as string;
    if (header.length < METADATA_PREFIX.length || header[0]?.toLowerCase() !== 'x') continue;
    if (header.slice(0, METADATA_PREFIX.length).toLowerCase() !== METADATA_PREFIX) continue;
    const name = header.slice(METADATA_PREFIX.length);
    if (!IDENTIFIER.test(name)) throw storageError('InvalidMetadata', { detail: `Name: "${name}".` });
    metadata ??= [];
    if (metadata.some(([other]) => other.toLowerCase() === name.toLowerCase())) {
      throw storageError('InvalidMetadata', { detail: `Name: "${name}".` });
    }
    // A raw header has a character for each of its bytes.
    sizeBytes += name.length + (rawHeaders[i + 1] as string).length;
    if (sizeBytes > LARGEST_METADATA_BYTES) throw storageError('MetadataTooLarge');
    metadata.push([name, rawHeaders[i + 1] as string]);
  }
  return metadata ?? NONE;
}

const NONE: Metadata = [];
const LARGEST_METADATA_BYTES = 8 * 1024;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
