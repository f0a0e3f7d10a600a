import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { freePort } from './free-port.js';

/** How an app ended: its exit code, or null where a signal ended it, and what it wrote. */
export interface AppExit {
  readonly code: number | null;
  readonly output: string;
}

/** An app as the process that its contender.json starts. */
export class AppProcess {
  /** Resolves when the process has ended. */
  readonly exit: Promise<AppExit>;
  readonly #child: Child;

  private constructor(
    child: Child,
    readonly url: string,
  ) {
    this.#child = child;
    const output = Promise.all([text(child.stdout), text(child.stderr)]);
    this.exit = Promise.all([once(child, 'exit'), output]).then(([[code], texts]) => ({
      code,
      output: texts.join(''),
    }));
  }

  /**
   * Starts a command that listens on a free port, without waiting until it does.
   *
   * @param command makes the command's words from the port
   * @param env added to the test's own
   */
  static async start(command: (port: number) => readonly string[], env: (port: number) => Env): Promise<AppProcess> {
    const port = await freePort();
    const [program = '', ...args] = command(port);
    const child = spawn(program, args, { env: { ...process.env, ...env(port) }, stdio: ['ignore', 'pipe', 'pipe'] });
    return new AppProcess(child, `http://127.0.0.1:${port}`);
  }

  /** Starts a program that takes its address from APP_HOST and APP_PORT. */
  static startProgram(command: readonly string[], env: Env): Promise<AppProcess> {
    return AppProcess.start(
      () => command,
      port => ({ APP_HOST: '127.0.0.1', APP_PORT: String(port), ...env }),
    );
  }

  /** The same for a compiled entry file of a Node app. */
  static startNode(entry: string, env: Env): Promise<AppProcess> {
    return AppProcess.startProgram([process.execPath, entry], env);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

type Env = Readonly<Record<string, string>>;
type Child = ChildProcessByStdio<null, Readable, Readable>;
