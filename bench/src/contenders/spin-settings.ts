import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import * as v from 'valibot';
import { COUNT, POSITIVE } from '../text/shape.js';

/** The shape of Spin's settings. */
export const SPIN_SETTINGS = v.strictObject({
  /** Whether connections to other services are kept for the next request. */
  outboundPooling: v.exactOptional(v.boolean()),
  /** Threads that run guests. */
  workerThreads: v.exactOptional(POSITIVE),
  /** Bytes of a guest's memory that are cleared instead of given back to the system. */
  keepResidentBytes: v.exactOptional(COUNT),
});

/** What a user of Spin can set without changing Spin; what is absent is as the host has it. */
export interface SpinSettings extends v.InferOutput<typeof SPIN_SETTINGS> {}

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
