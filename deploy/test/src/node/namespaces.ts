import { access, mkdtemp, readFile, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { executablesNamed } from '@order-bench/rig';
import { execa, type Options, type Result } from 'execa';
import { deployTestDir } from '../go-tool.js';

/** A command, and what it adds to this process's environment. */
export interface NodeCommand {
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
}

/** A machine of its own inside this one: its own cgroups, processes, mounts and network, which nothing leaves. */
export interface Namespaces {
  /** Everything that is written here is gone with the node. */
  readonly folder: string;
  /** Runs a command inside, to its end, and gives what it printed. */
  run(command: NodeCommand, options?: RunOptions): Promise<string>;
  /** Starts a program inside that ends with the node; what it says goes to `<folder>/log/<name>.log`. */
  start(name: string, command: NodeCommand): void;
  /** The end of a program's log. */
  log(name: string): Promise<string>;
  /** Throws where a program that was started has ended. */
  proveRunning(): void;
  /** Kills every process inside, and removes cgroups and folder. */
  stop(): Promise<void>;
}

/** How a command inside is run. */
export interface RunOptions {
  /** Given to it as its standard input. */
  readonly input?: string;
  readonly signal?: AbortSignal;
}

/** The address that programs inside reach each other by; the one of init.sh. */
export const NODE_ADDRESS = '10.90.0.10';

const SCRIPTS = join(deployTestDir, 'node');
const POLL_MS = 20;
const LOG_LINES = 25;
/** Debian's package of each program that is needed. */
const PACKAGES = {
  etcd: 'etcd-server',
  containerd: 'containerd',
  runc: 'runc',
  nft: 'nftables',
  iptables: 'iptables',
  ipset: 'ipset',
  ip: 'iproute2',
  openssl: 'openssl',
  curl: 'curl',
  pkill: 'procps',
  nsenter: 'util-linux',
} as const;
/** Where Debian puts the CNI plugins. */
export const CNI_DIR = '/usr/lib/cni';

/** Why no node can be started on this machine, and what would change that; undefined where one can. */
export async function whyNoNode(): Promise<string | undefined> {
  if (process.platform !== 'linux') return `a Kubernetes node needs Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'a Kubernetes node needs root, for its namespaces: run this as root';
  const found = await Promise.all(
    Object.entries(PACKAGES).map(async ([name, pack]) => ((await executablesNamed(name)).length > 0 ? [] : [pack])),
  );
  const plugins = await access(join(CNI_DIR, 'ptp')).then(
    () => [],
    () => ['containernetworking-plugins'],
  );
  const missing = [...found.flat(), ...plugins];
  if (missing.length > 0)
    return `a Kubernetes node needs Debian's ${missing.join(', ')}: RUNLEVEL=1 apt-get install them`;
  const { failed, stderr } = await execa('unshare', ['--mount', '--net', '--pid', '--cgroup', '--fork', 'true'], {
    reject: false,
  });
  return failed ? `this machine lets nobody make namespaces: ${stderr}` : undefined;
}

/**
 * Starts one. It ends with this process, however that goes.
 *
 * @throws Error with what the scripts said.
 */
export async function startNamespaces(): Promise<Namespaces> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'node-'));
  // The pipe to its standard input is what holds it; a group of its own keeps a terminal's Ctrl-C away.
  const holder = execa(join(SCRIPTS, 'node.sh'), [folder], {
    stdin: 'pipe',
    stdout: 'ignore',
    stderr: 'pipe',
    detached: true,
    cleanup: false,
    reject: false,
  });
  while (!(await exists(join(folder, 'up')))) {
    if (holder.exitCode !== null) throw new Error(`the node's namespaces can't be made: ${(await holder).stderr}`);
    await sleep(POLL_MS);
  }
  await execa('mkdir', [join(folder, 'log')]);
  const ended: string[] = [];
  let isStopping = false;
  const entered = ({ command }: NodeCommand) => [folder, ...command];
  const log = async (name: string) => {
    const text = await readFile(join(folder, 'log', `${name}.log`), 'utf8').catch(() => '');
    return text.trimEnd().split('\n').slice(-LOG_LINES).join('\n  ');
  };
  return {
    folder,
    async run(command, { input, signal } = {}) {
      const options = {
        reject: false,
        all: true,
        env: command.env ?? {},
        ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
        ...(signal && { cancelSignal: signal }),
      } satisfies Options;
      const result: Result<typeof options> = await execa(join(SCRIPTS, 'enter.sh'), entered(command), options);
      if (!result.failed) return result.stdout;
      throw new Error(`${command.command.join(' ')} in the node: ${result.all || result.shortMessage}`);
    },
    start(name, command) {
      const output = { file: join(folder, 'log', `${name}.log`), append: true } as const;
      const program = execa(join(SCRIPTS, 'enter.sh'), entered(command), {
        reject: false,
        stdio: ['ignore', output, output],
        buffer: false,
        env: command.env ?? {},
      });
      program.then(async () => {
        if (!isStopping) ended.push(`${name} of the node ended. Its log ends:\n  ${await log(name)}`);
      });
    },
    log,
    proveRunning() {
      if (ended.length > 0) throw new Error(ended.join('\n'));
    },
    async stop() {
      isStopping = true;
      holder.stdin.end();
      await holder;
    },
  };
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
