import { join } from 'node:path';
import { checkoutDir, compiledComponentsDir, type Tool } from '@order-bench/rig';
import { execa } from 'execa';

/** What runs a Spin contender, by the name that a result must carry: a figure of the stand-in is never called Spin's. */
export interface SpinHost {
  readonly command: readonly string[];
  /** Added to the environment of each of its processes. */
  readonly env: Readonly<Record<string, string>>;
  /** `spin 3.6.3`, or `spin-host 0.1.0, profile spin`. */
  readonly name: string;
  /** What the stand-in says of itself and of its profile's settings. */
  readonly info: unknown;
}

/** What a user of Spin can set without changing Spin; what is absent is as the host has it. */
export interface SpinSettings {
  /** Whether connections to other services are kept for the next request. */
  readonly outboundPooling?: boolean;
  /** Threads that run guests. */
  readonly workerThreads?: number;
  /** Bytes of a guest's memory that are cleared instead of given back to the system. */
  readonly keepResidentBytes?: number;
}

/** Describes the user's `spin` or the stand-in as a contender's processes need it. */
export async function spinHost(tool: Tool): Promise<SpinHost> {
  if (tool.kind === 'user') return { command: tool.command, env: {}, name: `spin ${tool.version}`, info: null };
  const profile = process.env.SPIN_HOST_PROFILE ?? 'spin';
  const [program = tool.path, ...args] = tool.command;
  const { stdout } = await execa(program, [...args, 'info', '--json']);
  return {
    command: tool.command,
    env: { SPIN_HOST_PROFILE: profile, SPIN_HOST_CACHE: compiledComponentsDir() },
    name: `spin-host ${tool.version}, profile ${profile}`,
    info: JSON.parse(stdout),
  };
}

const THREADS = 'TOKIO_WORKER_THREADS';
const KEEP_RESIDENT = 'SPIN_WASMTIME_LINEAR_MEMORY_KEEP_RESIDENT';

/** Settings as arguments of `up` and as environment, the same for Spin and for the stand-in. */
export function spinSetup({ outboundPooling, workerThreads, keepResidentBytes }: SpinSettings): {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
} {
  return {
    args: outboundPooling === undefined ? [] : ['--runtime-config-file', poolingFile(outboundPooling)],
    env: {
      ...(workerThreads === undefined ? {} : { [THREADS]: String(workerThreads) }),
      ...(keepResidentBytes === undefined ? {} : { [KEEP_RESIDENT]: String(keepResidentBytes) }),
    },
  };
}

/** The settings that hold in a process started here: a user's own environment counts where a contender says nothing. */
export function effectiveSpinSettings(settings: SpinSettings, env: NodeJS.ProcessEnv): SpinSettings {
  const { [THREADS]: threads, [KEEP_RESIDENT]: keepResident } = env;
  return {
    ...(threads === undefined ? {} : { workerThreads: Number(threads) }),
    ...(keepResident === undefined ? {} : { keepResidentBytes: Number(keepResident) }),
    ...settings,
  };
}

function poolingFile(isOn: boolean): string {
  return join(checkoutDir, 'bench', 'spin', `outbound-pooling-${isOn ? 'on' : 'off'}.toml`);
}
