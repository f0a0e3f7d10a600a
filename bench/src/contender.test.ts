import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { appsOf, findContender, listContenders } from './contender.js';
import { UsageError } from './usage-error.js';

describe('a contender', () => {
  let dir: string;
  const descriptor = {
    name: 'mine',
    description: 'somebody else’s app',
    runtime: 'node',
    start: ['node', 'app.js', '--port={port}'],
    env: { DAPR: '{daprUrl}/{appId}' },
    healthPath: '/healthz',
  };
  const write = (content: string) => writeFile(join(dir, 'contender.json'), content);

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'contender-'));
  });

  it('ships with this checkout, or is any folder with a descriptor', async () => {
    expect((await listContenders()).map(({ name }) => name)).toEqual([
      'express-ts',
      'express-ts-fetch',
      'null-ts',
      'rig-direct',
      'spin-ts',
    ]);
    await write(JSON.stringify(descriptor));
    expect(await findContender(dir)).toEqual({ ...descriptor, dir });
  });

  it('is started once an app id, with its addresses filled in', async () => {
    await write(JSON.stringify({ ...descriptor, start: ['{spin}', 'up', '--listen', '{host}:{port}'] }));
    const [app] = appsOf(await findContender(dir), ['distributor'], {
      command: ['/bin/spin', '--quiet'],
      env: { CACHE: '/c' },
      name: 'spin 3.6.3',
      info: null,
    });
    const addresses = {
      appId: 'distributor',
      host: '127.0.0.1',
      port: 8080,
      daprHost: '127.0.0.1',
      daprPort: 3500,
      daprUrl: 'http://127.0.0.1:3500',
      serviceBusConnectionString: '',
      blobConnectionString: '',
    };
    expect(app?.launch(addresses)).toEqual({
      command: ['/bin/spin', '--quiet', 'up', '--listen', '127.0.0.1:8080'],
      cwd: dir,
      env: { CACHE: '/c', DAPR: 'http://127.0.0.1:3500/distributor' },
    });
  });

  it.each([
    ['{', 'is not JSON'],
    [JSON.stringify({ ...descriptor, start: undefined }), "must have required property 'start'"],
    [JSON.stringify({ ...descriptor, prot: 1 }), 'must NOT have additional properties (prot)'],
  ])('is refused with the reason: %s', async (content, reason) => {
    await write(content);
    await expect(findContender(dir)).rejects.toThrow(reason);
    await expect(findContender(dir)).rejects.toThrow(UsageError);
  });

  it('that does not exist is refused with what there is', async () => {
    await expect(findContender('rust-axum')).rejects.toThrow("no contender 'rust-axum': there are express-ts,");
  });
});
