/** The generator behind faker takes 32 bits. Apart from it, for faker takes a third of a second to load. */
export const LARGEST_SEED = 0xffff_ffff;
