import type { Answer, Refusal, Trace } from '@order-bench/orders';

/** The one route by which a role's orders come, and what becomes of a body there. */
export interface Intake {
  /** As `/q-order-ingress`. */
  readonly path: string;
  /** Largest body that is read, in bytes. */
  readonly maxBytes: number;
  /** The refusal of a larger one. */
  tooLarge(size: string): Refusal;
  /** Rejects only for a defect, which is answered with 500. */
  take(bytes: Uint8Array, trace: Trace | undefined): Promise<Reply>;
}

/** An answer, which may say something as JSON where it is no problem. */
export interface Reply extends Answer {
  readonly json?: unknown;
}
