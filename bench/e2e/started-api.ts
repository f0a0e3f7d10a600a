import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { checkoutDir } from '@order-bench/rig';

/** For tests: a running Order API, as `bench api` starts it. */
export interface ApiUnderTest {
  readonly url: string;
  readonly token: string;
  stop(): Promise<void>;
}

/** For tests: starts `bench api` in front of a contender; components are built first where they are not. */
export async function startApi(contender: string, origins: readonly string[] = []): Promise<ApiUnderTest> {
  const allowed = origins.length === 0 ? [] : ['--allow-origin', ...origins];
  const bench = spawn('node', [join(checkoutDir, 'bench/dist/main.js'), 'api', contender, ...allowed], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: bench.stdout })) {
    const [, url, token] = /^export API=(\S+) AUTH='Authorization: Bearer (\w+)'$/.exec(line) ?? [];
    if (token === undefined || url === undefined) continue;
    return {
      url,
      token,
      async stop() {
        bench.kill('SIGINT');
        await once(bench, 'exit');
      },
    };
  }
  throw new Error('bench api ended before it listened');
}
