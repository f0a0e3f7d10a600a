import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** A broker in a process of its own, so that a test sees when it crashes, hangs or grows. */
export interface BrokerProcess {
  readonly port: number;
  /** For the Azure SDKs. */
  readonly connectionString: string;
  /** Address of its HTTP endpoint. */
  readonly httpUrl: string;
  /** Memory that it has, bytes. */
  rssBytes(): number;
  /** What its HTTP endpoint says about a queue. @throws when there is no answer within 10 s. */
  stateOf(queue: string): Promise<Readonly<Record<string, number>>>;
  /** Drops the messages of `q`. */
  purge(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a broker with a queue `q` and the flags. */
export async function startBrokerProcess(...flags: string[]): Promise<BrokerProcess> {
  const child = spawn(process.execPath, [MAIN, '--port', '0', '--http-port', '0', '--queue', 'q', ...flags]);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  // What it says of those who break the protocol is read and forgotten, or it would wait for its reader.
  child.stderr.resume();
  while (!output.includes('Endpoint=')) await Promise.race([once(child.stdout, 'data'), diedOf(child)]);
  const http = String(/http:\S+/.exec(output));
  return {
    connectionString: String(/Endpoint=\S+/.exec(output)),
    httpUrl: http,
    port: Number(/AMQP on 127\.0\.0\.1:(\d+)/.exec(output)?.[1]),
    rssBytes: () => 1024 * Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)], { encoding: 'utf8' })),
    stateOf: async queue => {
      const response = await fetch(`${http}/queues/${queue}`, { signal: AbortSignal.timeout(10_000) });
      return (await response.json()) as Record<string, number>;
    },
    purge: async () => {
      await fetch(`${http}/queues/q/messages`, { method: 'DELETE', signal: AbortSignal.timeout(10_000) });
    },
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function diedOf(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`the broker ended with exit code ${code} before it listened; was it built?`);
}
