import { compiledComponentsDir, type Tool } from '@order-bench/rig';
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
