import type { ChildProcess } from 'node:child_process';
import type { Tool } from '@order-bench/rig';
import type { BehindFacts, DaprNullSettings } from '../results/k6-result.js';

/** A contender in one role with what answers its calls to Dapr, and nothing else. */
export interface Edge {
  /** The app's address; of the first one where there are several. */
  readonly url: string;
  /** All instances' addresses. */
  readonly urls: readonly string[];
  readonly healthPath: string;
  /** Process groups: the apps', and those of what is behind them. */
  readonly appGroups: ReadonlySet<number>;
  readonly behindGroups: ReadonlySet<number>;
  /** Rejects when one of the processes dies. */
  readonly failure: Promise<never>;
  /** Resolves when nothing is worked on any more that was taken; absent where all is done when it is answered. */
  readonly settled?: (signal: AbortSignal) => Promise<void>;
  /** Has a process of the caller's ended when bench is gone; see `Supervisor.guard`. */
  guard(child: ChildProcess): void;
  stop(): Promise<void>;
}

/** What answers the app's calls to Dapr: a stub, or a daprd with queues and blobs behind it. */
export type Behind =
  | ({ readonly kind: 'dapr-null' } & DaprNullSettings)
  | { readonly kind: 'daprd'; readonly tool: Tool };

/** What a result says of it; daprd's version stands with those of the other programs. */
export function factsOfBehind(behind: Behind): BehindFacts {
  return behind.kind === 'daprd' ? { kind: 'daprd' } : behind;
}

/** In a sentence about an app. */
export function behindText({ kind }: BehindFacts): string {
  return kind === 'daprd' ? 'with daprd, queues and blobs of the rig behind it' : "with a stub in Dapr's place";
}
