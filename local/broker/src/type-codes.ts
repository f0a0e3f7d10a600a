/** Type codes of encoded values that are told apart by name (AMQP 1.0, part 1, section 1.6). */

/** Stands before a descriptor, which stands before the value that it describes. */
export const DESCRIBED = 0x00;
export const NULL = 0x40;
export const TRUE = 0x41;
export const FALSE = 0x42;
export const UINT_0 = 0x43;
export const LIST_0 = 0x45;
export const SMALL_UINT = 0x52;
export const SMALL_ULONG = 0x53;
export const UINT = 0x70;
export const ULONG = 0x80;
/** A whole number of eight bytes. */
export const LONG = 0x81;
/** Milliseconds since the epoch. */
export const TIMESTAMP = 0x83;
export const BINARY_8 = 0xa0;
/** ASCII text of less than 256 bytes. */
export const SYMBOL = 0xa3;
export const LIST_8 = 0xc0;
export const LIST_32 = 0xd0;
