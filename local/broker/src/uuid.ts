/** The order in which .NET writes a GUID: its first three groups are little-endian. */
const GUID_ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

/** Turns the 16 bytes of a delivery tag into those of the lock token, and back. */
export function swapUuidBytes(uuid: Buffer): Buffer {
  const swapped = Buffer.allocUnsafe(16);
  for (let to = 0; to < 16; to++) swapped[to] = uuid[GUID_ORDER[to] as number] ?? 0;
  return swapped;
}
