import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PortClaim } from './ports.js';
import {
  describeDeath,
  logEnd,
  type ProcessDeath,
  ProcessFailed,
  type ProcessRole,
  type ProcessSpec,
} from './process-spec.js';
import { signalGroup } from './signal-group.js';

const READY_TIMEOUT_MS = 30_000;
const READY_POLL_MS = 25;
const STOP_TIMEOUT_MS = 10_000;
const RESTART_DELAY_MS = 500;
const LAST_LOG_LINES = 12;

/** How a supervisor treats its processes. */
export interface SupervisorOptions {
  /** Folder for one log file a process; made when missing. */
  readonly logDir: string;
  /** Where its processes listen; released when they have ended. */
  readonly claim?: PortClaim;
  /** Fault tests restart what dies; measured runs never do. */
  readonly restartOnFailure?: boolean;
}

/** A started process as others may see it. */
export interface SupervisedProcess {
  readonly name: string;
  readonly role: ProcessRole;
  /** Also the id of its process group. */
  readonly pid: number;
  readonly restarts: number;
  readonly logFile: string;
}

interface Entry {
  readonly spec: ProcessSpec;
  readonly logFile: string;
  readonly child: ChildProcess;
  readonly restarts: number;
  /** Taken down on purpose: its death is no failure. */
  down: boolean;
}

/**
 * Starts processes, each in a process group of its own, and ends all of them: on `stop()`, and through the watchdog
 * when this process is gone, however it went.
 */
export class Supervisor {
  /** Rejects with ProcessFailed at the first process that dies unasked (never, where failures are restarted). */
  readonly failure: Promise<never>;

  private readonly options: SupervisorOptions;
  private readonly watchdog: ChildProcess;
  private readonly entries = new Map<string, Entry>();
  private fail: (error: Error) => void = () => {};
  private stopping = false;

  constructor(options: SupervisorOptions) {
    this.options = options;
    this.failure = new Promise((_, reject) => {
      this.fail = reject;
    });
    // Whoever waits for a run races this promise; where nobody does, it must not end the process as unhandled.
    this.failure.catch(() => {});
    this.watchdog = spawn(process.execPath, [createRequire(import.meta.url).resolve('@order-bench/rig/watchdog')], {
      detached: true,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    this.watchdog.on('exit', () => {
      if (!this.stopping)
        this.fail(
          new Error('the watchdog that ends processes after a crash was killed; stopping, nothing is left unguarded'),
        );
    });
    this.watchdog.stdin?.on('error', error => this.fail(error));
  }

  /** The processes now running, in the order of their start. */
  get processes(): SupervisedProcess[] {
    return [...this.entries.values()].flatMap(({ spec, child, restarts, logFile }) =>
      child.pid === undefined ? [] : [{ name: spec.name, role: spec.role, pid: child.pid, restarts, logFile }],
    );
  }

  /** The process groups of those now running in these roles; each process leads one. */
  groupsOf(...roles: readonly ProcessRole[]): Set<number> {
    return new Set(this.processes.filter(({ role }) => roles.includes(role)).map(({ pid }) => pid));
  }

  /**
   * Starts the processes side by side and waits until each is ready.
   *
   * @throws ProcessFailed when one ends or does not answer on its ready URL in 30 s.
   */
  async start(specs: readonly ProcessSpec[]): Promise<void> {
    await mkdir(this.options.logDir, { recursive: true, mode: 0o700 });
    const entries = specs.map(spec => {
      if (this.entries.has(spec.name)) throw new Error(`a process named ${spec.name} is already running`);
      const entry = this.launch({ spec, logFile: join(this.options.logDir, `${spec.name}.log`), restarts: 0 });
      this.entries.set(spec.name, entry);
      return entry;
    });
    await Promise.race([Promise.all(entries.map(entry => this.untilReady(entry))), this.failure]);
  }

  /**
   * Has the watchdog end a process that the caller started, leader of its own group, when this process is gone. Everything
   * else about it is the caller's.
   */
  guard(child: ChildProcess): void {
    const { pid } = child;
    if (pid === undefined) return;
    this.watchdog.stdin?.write(`+${pid}\n`);
    child.once('exit', () => this.watchdog.stdin?.write(`-${pid}\n`));
  }

  /** Sends a signal to a process and its group, for fault tests. */
  kill(name: string, signal: NodeJS.Signals): void {
    const { pid } = this.entry(name).child;
    if (pid !== undefined) signalGroup(pid, signal);
  }

  /**
   * Kills a process without restarting it, for outages in fault tests; `bringUp` ends the outage. One that died by itself
   * and waits for its restart is not restarted then.
   */
  async takeDown(name: string): Promise<void> {
    const entry = this.entry(name);
    entry.down = true;
    if (hasEnded(entry.child)) return;
    const exited = once(entry.child, 'exit');
    this.kill(name, 'SIGKILL');
    await exited;
  }

  /** Starts a process that was taken down again and waits until it is ready. */
  async bringUp(name: string): Promise<void> {
    const { spec, logFile, restarts } = this.entry(name);
    this.entries.set(name, this.launch({ spec, logFile, restarts: restarts + 1 }));
    await this.ready(name);
  }

  /** Waits until a process that is being restarted is ready again. */
  async ready(name: string): Promise<void> {
    await this.untilReady(this.entry(name));
  }

  /** Ends everything, first started last: SIGTERM, after 10 s SIGKILL. Safe to call twice. */
  async stop(): Promise<void> {
    this.stopping = true;
    const roles: ProcessRole[] = ['harness', 'dapr', 'app', 'rig'];
    for (const role of roles) {
      await Promise.all(
        [...this.entries.values()].filter(({ spec }) => spec.role === role).map(entry => this.end(entry)),
      );
    }
    this.watchdog.stdin?.end();
    this.options.claim?.release();
  }

  /** Ends everything at once and without asking, for a second Ctrl-C. */
  killAll(): void {
    this.stopping = true;
    for (const { child } of this.entries.values()) if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
  }

  private entry(name: string): Entry {
    const entry = this.entries.get(name);
    if (!entry) throw new Error(`no process named ${name}: there are ${[...this.entries.keys()].join(', ')}`);
    return entry;
  }

  private launch({ spec, logFile, restarts }: Pick<Entry, 'spec' | 'logFile' | 'restarts'>): Entry {
    const [program, ...args] = spec.command;
    if (program === undefined) throw new Error(`the command of ${spec.name} is empty`);
    const log = openSync(logFile, 'a', 0o600);
    const child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...ownEnvironment(), ...spec.env },
      ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
    });
    closeSync(log);
    const entry: Entry = { spec, logFile, child, restarts, down: false };
    if (child.pid !== undefined) this.watchdog.stdin?.write(`+${child.pid}\n`);
    child.once('error', error =>
      this.fail(new ProcessFailed(spec.name, `${spec.name} could not be started (${program}): ${error.message}`)),
    );
    child.once('exit', (exitCode, signal) => void this.exited(entry, exitCode, signal));
    return entry;
  }

  private async exited(entry: Entry, exitCode: number | null, signal: NodeJS.Signals | null): Promise<void> {
    const { spec, child, logFile } = entry;
    // The leader is gone; whatever it left in its group goes too.
    if (child.pid !== undefined) {
      signalGroup(child.pid, 'SIGKILL');
      this.watchdog.stdin?.write(`-${child.pid}\n`);
    }
    if (this.stopping || entry.down) return;
    if (this.options.restartOnFailure) {
      await delay(RESTART_DELAY_MS);
      if (this.stopping || entry.down) return;
      this.entries.set(spec.name, this.launch({ spec, logFile, restarts: entry.restarts + 1 }));
      return;
    }
    const death: ProcessDeath = { name: spec.name, exitCode, signal, logFile, lastLogLines: await lastLines(logFile) };
    this.fail(new ProcessFailed(spec.name, describeDeath(death)));
  }

  private async untilReady({ spec, logFile }: Entry): Promise<void> {
    const timeoutMs = spec.readyTimeoutMs ?? READY_TIMEOUT_MS;
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline) {
      if (this.stopping) throw new Error(`stopped while ${spec.name} was starting`);
      const child = this.entries.get(spec.name)?.child;
      if ((child === undefined || hasEnded(child)) && !this.options.restartOnFailure) return this.failure;
      if (await answers(spec.readyUrl)) return;
      await delay(READY_POLL_MS);
    }
    const log = logEnd({ logFile, lastLogLines: await lastLines(logFile) });
    throw new ProcessFailed(
      spec.name,
      `${spec.name} did not answer on ${spec.readyUrl} within ${timeoutMs / 1000} s. ${log}`,
    );
  }

  private async end({ child }: Entry): Promise<void> {
    if (child.pid === undefined || hasEnded(child)) return;
    const exited = new Promise<void>(resolve => child.once('exit', () => resolve()));
    const timer = setTimeout(() => child.pid !== undefined && signalGroup(child.pid, 'SIGKILL'), STOP_TIMEOUT_MS);
    signalGroup(child.pid, 'SIGTERM');
    // A stopped process (fault tests send SIGSTOP) would never see the SIGTERM.
    signalGroup(child.pid, 'SIGCONT');
    await exited;
    clearTimeout(timer);
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Settings of runtimes that a user may have for other programs: they change the figures, and no result would tell. */
const LEFT_OUT: readonly string[] = [
  'GOMAXPROCS',
  'GOGC',
  'GOMEMLIMIT',
  'GODEBUG',
  'NODE_OPTIONS',
  'UV_THREADPOOL_SIZE',
];

function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !LEFT_OUT.includes(name)));
}

async function answers(url: string): Promise<boolean> {
  const { protocol, hostname, port } = new URL(url);
  if (protocol === 'tcp:') return accepts(hostname, Number(port));
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    // Refused, reset or too slow: it is not ready, and the caller asks again until its deadline.
    return false;
  }
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host, port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function lastLines(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8');
  return text.split('\n').filter(Boolean).slice(-LAST_LOG_LINES);
}
