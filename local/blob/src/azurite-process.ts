import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { blobConnectionString } from './development-account.js';

/** Azurite's blob service as its package ships it, on a free port of 127.0.0.1 and with nothing on disk. */
export interface AzuriteProcess {
  readonly connectionString: string;
  close(): Promise<void>;
}

/**
 * Starts Azurite for the contract suite.
 *
 * @throws Error with what it printed when it ends before it listens.
 */
export async function startAzurite(): Promise<AzuriteProcess> {
  const folder = dirname(createRequire(import.meta.url).resolve('azurite/package.json'));
  const azurite = spawn(
    process.execPath,
    [
      join(folder, 'dist/src/blob/main.js'),
      ...['--blobHost', '127.0.0.1', '--blobPort', '0'],
      ...['--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry', '--silent'],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = new Promise<void>(resolve => azurite.once('exit', () => resolve()));
  let printed = '';
  for await (const line of createInterface({ input: azurite.stdout })) {
    printed += `${line}\n`;
    const port = /successfully listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    return {
      connectionString: blobConnectionString(Number(port)),
      close: () => {
        azurite.kill();
        return exited;
      },
    };
  }
  throw new Error(`Azurite ended before it listened. It printed:\n${printed}`);
}
