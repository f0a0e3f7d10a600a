/** The time now, milliseconds since the epoch, with fractions. Injected so that tests set it. */
export type Clock = () => number;

/** This process's clock: monotonic, so that no lock or schedule moves when the machine's time is stepped. */
export const systemClock: Clock = () => performance.timeOrigin + performance.now();
