/** Numeric descriptors of the sections of a message (AMQP 1.0, part 3, section 3.2). */
export const HEADER = 0x70;
export const DELIVERY_ANNOTATIONS = 0x71;
export const MESSAGE_ANNOTATIONS = 0x72;
export const PROPERTIES = 0x73;
/** The last one before the body. */
export const APPLICATION_PROPERTIES = 0x74;
export const DATA = 0x75;
export const VALUE = 0x77;
