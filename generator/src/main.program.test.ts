import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type BlobServer, startBlobServer } from '@order-bench/blob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

describe('the order-generator command', () => {
  let server: BlobServer;

  beforeAll(async () => {
    server = await startBlobServer();
  });
  afterAll(() => server.close());

  it('stores a dataset, and says so when it is there already', async () => {
    const args = ['generate', '--count', '20', '--seed', '5', '--express-share', '0.25'];
    const first = await run(args, { BLOB_CONNECTION_STRING: server.connectionString });
    expect(first).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(/^testdata\/orders-20-5: \d+ bytes, stored\n$/),
    });
    const second = await run(args, { BLOB_CONNECTION_STRING: server.connectionString });
    expect(second).toMatchObject({ exitCode: 0, output: expect.stringContaining('was there already') });
  });

  it('exits 1 when the dataset to schedule was never stored', async () => {
    const { exitCode, output } = await run(['schedule', '--count', '3', '--seed', '3', '--in', '5s'], {
      BLOB_CONNECTION_STRING: server.connectionString,
      SERVICEBUS_CONNECTION_STRING:
        'Endpoint=sb://127.0.0.1:9;SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true;',
    });
    expect({ exitCode, output }).toMatchObject({ exitCode: 1, output: expect.stringContaining('generate --count 3') });
  });

  it.each([[[]], [['generate']], [['schedule']]])('explains itself: %j', async command => {
    const { exitCode, output } = await run([...command, '--help']);
    expect(exitCode).toBe(0);
    expect(output).toContain('Usage: node_modules/.bin/order-generator');
  });

  it('tells its version', async () => {
    expect(await run(['--version'])).toEqual({ exitCode: 0, output: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it.each([
    { args: ['generate', '--count', 'x', '--seed', '1'], says: '--count' },
    { args: ['generate', '--seed', '1'], says: '--count' },
    { args: ['generate', '--count', '1', '--seed', '1'], says: 'BLOB_CONNECTION_STRING' },
    { args: ['schedule', '--count', '1', '--seed', '1'], says: 'either --at or --in' },
    { args: ['schedule', '--count', '1', '--seed', '1', '--in', '5s', '--at', '2030-01-01T00:00:00Z'], says: 'either' },
    { args: ['schedule', '--count', '1', '--seed', '1', '--in', '5'], says: 'duration' },
    { args: ['schedule', '--count', '1', '--seed', '1', '--at', '2020-01-01T00:00:00Z'], says: 'It is past' },
    { args: ['schedule', '--cuont', '1'], says: 'see node_modules/.bin/order-generator schedule --help' },
    { args: ['destroy'], says: 'see node_modules/.bin/order-generator --help' },
  ])('exits 2 for $args and names what is wrong', async ({ args, says }) => {
    const { exitCode, output } = await run(args);
    expect(exitCode).toBe(2);
    expect(output).toContain(says);
  });
});

function run(args: string[], environment: Record<string, string> = {}) {
  const { BLOB_CONNECTION_STRING, SERVICEBUS_CONNECTION_STRING, ...inherited } = process.env;
  const env = { ...inherited, ...environment };
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return new Promise<{ exitCode: number | null; output: string }>(resolve => {
    child.once('close', exitCode => resolve({ exitCode, output }));
  });
}
