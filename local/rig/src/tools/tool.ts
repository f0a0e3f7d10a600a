/** A program of the rig that is not written in TypeScript, found on this machine or built here. */
export interface Tool {
  /** The user's own installation, or built from the sources in this repository. */
  readonly kind: 'user' | 'built';
  readonly path: string;
  /** As in `1.18.0`. */
  readonly version: string;
  /** What to start it with; arguments follow. */
  readonly command: readonly string[];
}

/** Neither the tool nor what it takes to build it is on this machine; the message says what to install. */
export class ToolMissing extends Error {
  override readonly name = 'ToolMissing';
}
