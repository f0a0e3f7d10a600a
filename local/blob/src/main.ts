#!/usr/bin/env node
import { Command, InvalidArgumentError } from 'commander';
import { type BlobServer, type BlobServerOptions, startBlobServer } from './blob-server.js';

interface Flags extends BlobServerOptions {
  readonly container: readonly string[];
}

const command = new Command('blob')
  .description('In-memory blob server for one machine: the part of the Azure Blob REST API that the rig uses')
  .option('--port <port>', 'port of the Blob REST API on 127.0.0.1', parsePort, 10_000)
  .option('--http-port <port>', 'port of the admin endpoint on 127.0.0.1', parsePort, 10_080)
  .option('--host-name <name>', 'what other machines call this one: listen on every address, not on 127.0.0.1 alone')
  .option('--container <name>', 'container to make; may be repeated', (name, names: string[]) => [...names, name], [])
  .option('--latency-ms <ms>', 'delay added to each operation, for Azure-like conditions', parseLatency, 0)
  .option('--faults', 'fail on demand through the admin endpoint; for tests', false)
  .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();

const { container: containers, ...options } = command.opts<Flags>();

try {
  const server = await startBlobServer({ ...options, containers });
  process.stdout.write(`blob: listening on 127.0.0.1:${server.port}, admin on 127.0.0.1:${server.httpPort}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(server));
} catch (error) {
  process.stderr.write(`blob: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function stop(server: BlobServer): Promise<void> {
  await server.close();
  process.exit(0);
}

function parsePort(value: string): number {
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port > 65_535) throw new InvalidArgumentError('It must be a number up to 65535.');
  return port;
}

function parseLatency(value: string): number {
  const latencyMs = Number(value);
  if (value.trim() === '' || !Number.isFinite(latencyMs) || latencyMs < 0) {
    throw new InvalidArgumentError('It must be a number of milliseconds, 0 or more.');
  }
  return latencyMs;
}
