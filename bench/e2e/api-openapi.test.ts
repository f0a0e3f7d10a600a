import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtTool, checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from './started-api.js';

/** Requests that the client makes of each operation, beside those that it derives from the limits of the schemas. */
const EXAMPLES = 15;
const SEED = 1;

const { failed, stdout } = await execa('python3', ['-c', 'import ensurepip, sys, venv; print(sys.version)'], {
  reject: false,
});
/** The program, or why there is none: no Python, or no package registry that answers. */
const client = failed
  ? { reason: 'no python3 with venv and pip here' }
  : await builtTool({
      name: 'schemathesis',
      sourceDir: join(checkoutDir, 'apps', 'contract', 'schemathesis'),
      announcement: 'schemathesis, a property-based client of OpenAPI: half a minute',
      compiler: stdout,
      compile: outDir => ({
        command: ['sh', 'build.sh', outDir],
        env: {},
        binary: join(outDir, 'schemathesis'),
      }),
    }).then(
      program => ({ program }),
      () => ({ reason: 'its packages could not be installed' }),
    );
const reason = 'reason' in client ? ` (skipped: ${client.reason})` : '';

describe.skipIf(reason !== '').each(['express-ts', 'spin-ts'])(`the Order API in front of %s${reason}`, contender => {
  let api: ApiUnderTest;
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'order-bench-openapi-'));
    api = await startApi(contender);
  }, 600_000);

  afterAll(async () => {
    await api?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it('takes and answers what it says in /openapi.json', { timeout: 600_000 }, async () => {
    const program = 'program' in client ? client.program : '';
    const file = join(dir, 'openapi.json');
    await writeFile(file, JSON.stringify(onlyReservedHosts(await (await fetch(`${api.url}/openapi.json`)).json())));
    const { exitCode, all } = await execa(
      program,
      [
        ...['run', file, '--url', api.url, '--header', `Authorization: Bearer ${api.token}`],
        ...['--max-examples', String(EXAMPLES), '--seed', String(SEED), '--no-color'],
      ],
      { reject: false, all: true, cwd: dir },
    );
    expect(exitCode, all).toBe(0);
  });
});

/** Webhooks that a client makes up must lead nowhere: to hosts of a domain that is nobody's (RFC 2606). */
function onlyReservedHosts(description: unknown): unknown {
  return JSON.parse(JSON.stringify(description), (key, value) =>
    key === 'url' && value?.format === 'uri'
      ? { type: 'string', pattern: '^https://[a-z]{1,20}[.]example/[a-z]{0,20}$' }
      : value,
  );
}
