import { createInterface } from 'node:readline';
import { type ExecaError, execa } from 'execa';
import { PlaceFailed } from './place-failed.js';

/** One thing that happened to an object. */
export interface WatchEvent<Item> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: Item;
}

/** A watch that goes on until it is stopped. */
export interface Watch {
  /** Rejects with PlaceFailed when kubectl ends by itself; never after `stop`. */
  readonly failure: Promise<never>;
  stop(): void;
}

/** What is watched, and who is told. */
export interface WatchOptions<Item> {
  /** After `kubectl get`. */
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  readonly onEvent: (event: WatchEvent<Item>) => void;
}

/** `kubectl get --watch`: told as things happen, at the cost of one connection, where looking again and again would take CPU. */
export function watchObjects<Item>({ args, signal, onEvent }: WatchOptions<Item>): Watch {
  const stop = new AbortController();
  const kubectl = execa('kubectl', ['get', ...args, '--watch', '--output-watch-events', '--output', 'json'], {
    cancelSignal: AbortSignal.any([signal, stop.signal]),
    stdin: 'ignore',
    buffer: { stdout: false },
  });
  let lines: string[] = [];
  createInterface({ input: kubectl.stdout }).on('line', line => {
    lines.push(line);
    // An event is a line, or indented, so that only its last line is this; kubectl has done both.
    if (line !== '}' && (lines.length > 1 || line === '{')) return;
    onEvent(JSON.parse(lines.join('\n')) as WatchEvent<Item>);
    lines = [];
  });
  const ended = (error?: ExecaError<{ encoding: 'utf8' }>) => {
    if (stop.signal.aborted || signal.aborted) return new Promise<never>(() => {});
    const why = error?.stderr || error?.shortMessage || 'it ended';
    return Promise.reject(new PlaceFailed(`kubectl get ${args.join(' ')} --watch: ${why}`, { cause: error }));
  };
  const failure = kubectl.then(() => ended(), ended);
  // Whoever waits for a drain races it; where nobody does, it must not end the process as unhandled.
  failure.catch(() => {});
  return { failure, stop: () => stop.abort() };
}
