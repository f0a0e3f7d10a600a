import type { ChildProcess } from 'node:child_process';

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
  /** Has a process of the caller's ended when bench is gone; see `Supervisor.guard`. */
  guard(child: ChildProcess): void;
  stop(): Promise<void>;
}
