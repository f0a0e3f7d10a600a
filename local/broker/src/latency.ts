/** Does something after the set delay, or at once when there is none. What is handed over first happens first. */
export type Later = (action: () => void) => void;

/** A delay of so many milliseconds for every operation, as the way to a service far away would add. */
export function delayedBy(latencyMs: number): Later {
  if (latencyMs <= 0) return action => action();
  return action => {
    setTimeout(action, latencyMs);
  };
}
