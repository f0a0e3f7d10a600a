/** Who a process belongs to when its cost is accounted: the contender, Dapr, the stand-ins for Azure, or the measuring itself. */
export type ProcessRole = 'app' | 'dapr' | 'rig' | 'harness';

/** One process for the supervisor to start: what to run, where, and how to see that it is ready. */
export interface ProcessSpec {
  /** Unique in a rig; names the log file too, e.g. `daprd-distributor`. */
  readonly name: string;
  readonly role: ProcessRole;
  /** Program and arguments; never a shell string. */
  readonly command: readonly string[];
  readonly cwd?: string;
  /** Added to the environment of the supervisor's own process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Answers 2xx (`http://`), or accepts a connection (`tcp://host:port`), once the process can do its work. */
  readonly readyUrl: string;
  /** How long that may take; 30 s unless it compiles something first. */
  readonly readyTimeoutMs?: number;
}

/** How a process ended without having been asked to. */
export interface ProcessDeath {
  readonly name: string;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of its log, oldest line first. */
  readonly lastLogLines: readonly string[];
  readonly logFile: string;
}

/** A process of the rig ended or never became ready; the message carries its name, exit and last log lines. */
export class ProcessFailed extends Error {
  override readonly name = 'ProcessFailed';

  constructor(
    readonly process: string,
    message: string,
  ) {
    super(message);
  }
}

/** One paragraph for a person: which process, how it ended, what it said last, where its log is. */
export function describeDeath(death: ProcessDeath): string {
  const how = death.signal ? `was ended by ${death.signal}` : `exited with code ${death.exitCode}`;
  return `${death.name} ${how}. ${logEnd(death)}\nwhat it says there comes first; everything was stopped, so start the command again after that`;
}

/** The end of a process's log, for a message about it. */
export function logEnd({ logFile, lastLogLines }: Pick<ProcessDeath, 'logFile' | 'lastLogLines'>): string {
  const lines = lastLogLines.length > 0 ? `\n  ${lastLogLines.join('\n  ')}` : ' (it logged nothing)';
  return `Its last log lines (${logFile}):${lines}`;
}
