import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type ExecaError, execa } from 'execa';
import { PlaceFailed } from './place-failed.js';

/** Ports of a pod that are ports of this machine for a while. */
export interface ForwardedPorts {
  /** On 127.0.0.1, in the order of the pod's. */
  readonly ports: readonly number[];
  /** Rejects with PlaceFailed when kubectl ends by itself; never after `close`. */
  readonly lost: Promise<never>;
  close(): void;
}

/** Which ports, and of which pod. */
export interface ForwardOptions {
  readonly namespace: string;
  readonly name: string;
  readonly ports: readonly number[];
  readonly signal: AbortSignal;
}

/**
 * Starts `kubectl port-forward` for a pod, and returns when all ports can be used. Every byte takes the way through the API
 * server and the node's kubelet, so that only what is not measured should go this way.
 *
 * @throws PlaceFailed with what kubectl said.
 */
export async function forwardPorts({ namespace, name, ports, signal }: ForwardOptions): Promise<ForwardedPorts> {
  const stop = new AbortController();
  const args = ['port-forward', `pod/${name}`, '--namespace', namespace, '--address', '127.0.0.1'];
  const kubectl = execa('kubectl', [...args, ...ports.map(port => `:${port}`)], {
    cancelSignal: AbortSignal.any([signal, stop.signal]),
    stdin: 'ignore',
    // It has a line for each connection.
    buffer: { stdout: false },
  });
  const lost = kubectl.then(
    () => Promise.reject(new PlaceFailed(`kubectl ended the way to the pod ${namespace}/${name}`)),
    (error: ExecaError<{ encoding: 'utf8' }>) =>
      stop.signal.aborted || signal.aborted
        ? new Promise<never>(() => {})
        : Promise.reject(
            new PlaceFailed(
              `kubectl lost the way to the pod ${namespace}/${name}: ${error.stderr || error.shortMessage}`,
              {
                cause: error,
              },
            ),
          ),
  );
  // Whoever uses the ports races it; where nobody does, it must not end the process as unhandled.
  lost.catch(() => {});
  const found = await Promise.race([localPorts(kubectl.stdout, ports), lost]);
  return { ports: found, lost, close: () => stop.abort() };
}

/** `Forwarding from 127.0.0.1:40123 -> 5672`, a line a port. */
async function localPorts(stdout: Readable, ports: readonly number[]): Promise<number[]> {
  const found = new Map<number, number>();
  return new Promise(resolve => {
    createInterface({ input: stdout }).on('line', line => {
      const [, from, to] = /^Forwarding from 127\.0\.0\.1:(\d+) -> (\d+)$/.exec(line) ?? [];
      if (from === undefined) return;
      found.set(Number(to), Number(from));
      if (ports.every(port => found.has(port))) resolve(ports.map(port => found.get(port) ?? 0));
    });
  });
}
