import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import { deployTestDir } from '../go-tool.js';
import { BENCH_CONTENDERS, installFixed, installScaled, startBenchCluster } from './bench-cluster.js';
import { whyNoNode } from './namespaces.js';

/**
 * Runs a command of bench on a real node that is there for it alone: `node bench-main.js run --contenders express-ts ...`. The
 * contenders that it names are installed, for `scale` with KEDA; `--target kubernetes` is added.
 */
const args = process.argv.slice(2);
const obstacle = await whyNoNode();
const contenders = BENCH_CONTENDERS.filter(({ name }) => args.includes(name));
if (obstacle !== undefined || contenders.length === 0) {
  const names = BENCH_CONTENDERS.map(({ name }) => name).join(', ');
  process.stderr.write(`error: ${obstacle ?? `name some of ${names} after --contenders`}\n`);
  process.exit(2);
}

const say = (text: string) => process.stderr.write(`node: ${text}\n`);
say('starting it (a minute; longer where the cache lacks its programs)');
const node = await startBenchCluster();
try {
  say(`installing ${contenders.map(({ name }) => name).join(', ')}`);
  if (args[0] === 'scale') await installScaled(node, contenders);
  else for (const contender of contenders) await installFixed(node, contender);
  const bench = [process.execPath, join(checkoutDir, 'bench', 'dist', 'main.js'), ...args, '--target', 'kubernetes'];
  const { exitCode } = await execa(
    join(deployTestDir, 'node', 'enter.sh'),
    [node.cluster.namespaces.folder, ...bench],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: node.cluster.env,
      reject: false,
    },
  );
  process.exitCode = exitCode ?? 1;
} finally {
  await node.cluster.stop();
}
