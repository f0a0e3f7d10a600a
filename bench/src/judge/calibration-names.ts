/** What one contender is called in a calibration. */
export interface CalibrationNames {
  readonly first: string;
  readonly second: string;
  /** The one beside which a process takes a share of each core. */
  readonly delayed: string;
}

/** A calibration's three names for one contender. */
export function calibrationNames(contender: string): CalibrationNames {
  return { first: `${contender} (A)`, second: `${contender} (B)`, delayed: `${contender} (delayed)` };
}
