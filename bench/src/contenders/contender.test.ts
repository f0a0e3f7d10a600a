import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UsageError } from '../text/usage-error.js';
import { appsOf } from './apps.js';
import { type Contender, findContender, listContenders, spinManifest, tuned } from './contender.js';
import type { Runtime } from './runtime.js';

const ADDRESSES = {
  appId: 'distributor',
  host: '127.0.0.1',
  port: 8080,
  daprHost: '127.0.0.1',
  daprPort: 3500,
  daprUrl: 'http://127.0.0.1:3500',
  serviceBusConnectionString: '',
  blobConnectionString: '',
  stateDir: '/run/state',
};

const OWN: Runtime = { name: 'node', kind: 'other', version: null, command: [], env: {}, info: null };
const SPIN: Runtime = { ...OWN, name: 'spin-3.6', kind: 'spin', version: '3.6.3', command: ['/bin/spin'] };

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

  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('ships with this checkout, or is any folder with a descriptor', async () => {
    const names = (await listContenders()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['express-ts', 'null-ts', 'rig-direct', 'spin-ts']));
    expect(names).toEqual(names.toSorted());
    await write(JSON.stringify(descriptor));
    expect(await findContender(dir)).toEqual({ ...descriptor, dir });
  });

  it('is started once an app id, with its addresses filled in', async () => {
    await write(JSON.stringify({ ...descriptor, start: ['{spin}', 'up', '--listen', '{host}:{port}'] }));
    const [app] = appsOf(await findContender(dir), ['distributor'], {
      ...SPIN,
      command: ['/bin/spin', '--quiet'],
      env: { CACHE: '/c' },
    });
    expect(app?.launch(ADDRESSES)).toEqual({
      command: ['/bin/spin', '--quiet', 'up', '--listen', '127.0.0.1:8080', '--state-dir', '/run/state'],
      cwd: dir,
      env: { CACHE: '/c', DAPR: 'http://127.0.0.1:3500/distributor' },
    });
  });

  it('gets Dapr’s tokens as the user set them for daprd, in its environment alone', async () => {
    vi.stubEnv('DAPR_API_TOKEN', 'of Dapr');
    vi.stubEnv('APP_API_TOKEN', undefined);
    await write(JSON.stringify({ ...descriptor, env: { DAPR: '{daprApiToken}', APP: '{appApiToken}' } }));
    const [app] = appsOf(await findContender(dir), ['distributor'], OWN);
    expect(app?.launch(ADDRESSES).env).toEqual({ DAPR: 'of Dapr', APP: '' });
    await write(JSON.stringify({ ...descriptor, start: ['node', '{daprApiToken}'] }));
    const [careless] = appsOf(await findContender(dir), ['distributor'], OWN);
    expect(() => careless?.launch(ADDRESSES)).toThrow(UsageError);
  });

  it('sets Spin as its descriptor says, and otherwise where a run does', async () => {
    const spin = { outboundPooling: false, workerThreads: 1 };
    await write(JSON.stringify({ ...descriptor, start: ['{spin}', 'up'], spin }));
    const contender = await findContender(dir);
    const launched = (of: Contender) =>
      appsOf(of, ['distributor'], { ...SPIN, kind: 'stand-in' })[0]?.launch(ADDRESSES);
    expect(launched(contender)).toMatchObject({
      command: ['/bin/spin', 'up', '--runtime-config-file', expect.stringMatching(/outbound-pooling-off\.toml$/)],
      env: { TOKIO_WORKER_THREADS: '1' },
    });
    expect(launched(tuned(contender, { spin: { outboundPooling: true } }))).toMatchObject({
      command: ['/bin/spin', 'up', '--runtime-config-file', expect.stringMatching(/outbound-pooling-on\.toml$/)],
      env: { TOKIO_WORKER_THREADS: '1' },
    });
  });

  it('has the replicas and handlers of its descriptor, unless a run says otherwise', async () => {
    await write(JSON.stringify({ ...descriptor, replicas: 2, handlers: 8 }));
    const contender = await findContender(dir);
    expect(tuned(contender, {})).toEqual(contender);
    expect(tuned(contender, { replicas: 3, spin: { workerThreads: 1 } })).toEqual({ ...contender, replicas: 3 });
    expect(appsOf(contender, ['distributor'], OWN).map(({ replicas }) => replicas)).toEqual([2]);
  });

  it('on Spin starts from the manifest that its start names', async () => {
    await write(JSON.stringify({ ...descriptor, start: ['{spin}', 'up', '--from', '../other/spin.toml'] }));
    expect(spinManifest(await findContender(dir))).toBe(join(dir, '..', 'other', 'spin.toml'));
    await write(JSON.stringify({ ...descriptor, start: ['{spin}', 'up'] }));
    expect(spinManifest(await findContender(dir))).toBe(join(dir, 'spin.toml'));
  });

  it.each([
    ['{', 'is not JSON'],
    [JSON.stringify({ ...descriptor, start: undefined }), 'start is missing'],
    [JSON.stringify({ ...descriptor, prot: 1 }), 'prot is no known field'],
    [JSON.stringify({ ...descriptor, replicas: 0 }), 'replicas: Invalid value: Expected >=1'],
    [JSON.stringify({ ...descriptor, spin: {} }), "sets 'spin', but its start does not begin with {spin}"],
  ])('is refused with the reason: %s', async (content, reason) => {
    await write(content);
    await expect(findContender(dir)).rejects.toThrow(reason);
    await expect(findContender(dir)).rejects.toThrow(UsageError);
  });

  it('that does not exist is refused with what there is', async () => {
    await expect(findContender('rust-axum')).rejects.toThrow("no contender 'rust-axum': there are express-ts,");
  });
});
