import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { checkoutDir } from './checkout.js';
import { controlStatus } from './control.js';
import { loadText, machineLoad } from './machine-load.js';
import { machineSize } from './machine-size.js';
import { claimPorts } from './ports.js';
import { privateTempDir } from './private-temp-dir.js';
import { readProc } from './proc.js';
import { mustHaveTarget, WASM_TARGET } from './tools/built-crate.js';
import { cacheDir } from './tools/cache-dir.js';
import { daprdCompiler, namedDaprd } from './tools/daprd.js';
import { locateSpin, spinHostCompiler } from './tools/spin.js';
import { ToolMissing } from './tools/tool.js';

/** One thing that the doctor looked at. */
export interface Finding {
  readonly subject: string;
  /** `warning`: works, but the figures or the first build suffer. `failure`: `make bench` can't run. */
  readonly verdict: 'ok' | 'warning' | 'failure';
  readonly detail: string;
  /** What to do about it. */
  readonly remedy?: string;
}

const GIB = 2 ** 30;
/** Go and Rust build folders of the first build, with room. */
const BUILD_DISK_BYTES = 5 * GIB;
const MIN_MEMORY_BYTES = 4 * GIB;
/** Logs and results of many runs. */
const CHECKOUT_DISK_BYTES = GIB;
const PORTS_OF_A_RIG = 19;
const DOCTOR_SECONDS = 3;

/**
 * Looks at everything `make bench` needs on this machine. Changes nothing but makes the cache folder.
 *
 * @param quietShare of all cores that may be busy before a measurement.
 */
export async function examine(quietShare: number): Promise<Finding[]> {
  // By itself: looking at the rest is load too.
  const loadFinding = await load(quietShare);
  return Promise.all([
    node(),
    platform(),
    cores(),
    memory(),
    loadFinding,
    cacheDisk(),
    checkoutDisk(),
    temporary(),
    openFiles(),
    ports(),
    checkout(),
    daprd(),
    spin(),
    wasmTarget(),
  ]);
}

async function node(): Promise<Finding> {
  const [major = 0] = process.versions.node.split('.').map(Number);
  return major >= 20
    ? { subject: 'Node.js', verdict: 'ok', detail: process.version }
    : { subject: 'Node.js', verdict: 'failure', detail: process.version, remedy: 'install Node.js 20 or newer' };
}

async function platform(): Promise<Finding> {
  const known = ['linux', 'darwin'].includes(process.platform);
  const detail = `${process.platform} ${process.arch}`;
  return known
    ? { subject: 'platform', verdict: 'ok', detail }
    : { subject: 'platform', verdict: 'failure', detail, remedy: 'use Linux or macOS (on Windows: WSL 2)' };
}

async function cores(): Promise<Finding> {
  const { cores: count } = machineSize();
  return count >= 2
    ? { subject: 'cores', verdict: 'ok', detail: `${count}` }
    : {
        subject: 'cores',
        verdict: 'warning',
        detail: `${count}`,
        remedy: 'give it 2 cores or more (machine, container limit, taskset): 9 processes share them',
      };
}

async function memory(): Promise<Finding> {
  const { memoryBytes } = machineSize();
  const detail = `${(memoryBytes / GIB).toFixed(1)} GiB`;
  return memoryBytes >= MIN_MEMORY_BYTES
    ? { subject: 'memory', verdict: 'ok', detail }
    : {
        subject: 'memory',
        verdict: 'warning',
        detail,
        remedy: 'the rig wants 4 GiB: close other programs, or raise the container limit',
      };
}

async function load(quietShare: number): Promise<Finding> {
  const found = await machineLoad({ quietShare, mostSeconds: DOCTOR_SECONDS });
  if (found.busyShare === null) return { subject: 'load', verdict: 'ok', detail: 'this system does not tell' };
  const isBusy = found.busyShare > quietShare;
  return isBusy
    ? {
        subject: 'load',
        verdict: 'warning',
        detail: loadText(found, quietShare),
        remedy: 'stop them before you measure: runs on a machine that is busy before they start are void',
      }
    : { subject: 'load', verdict: 'ok', detail: `${Math.round(found.busyShare * 100)} % of all cores are busy` };
}

async function cacheDisk(): Promise<Finding> {
  try {
    const dir = cacheDir();
    await mkdir(dir, { recursive: true });
    await access(dir, constants.W_OK);
    return await disk({
      dir,
      wantedBytes: BUILD_DISK_BYTES,
      remedy: 'the first build takes 4 GB, and some room: free some, or set XDG_CACHE_HOME to a larger disk',
    });
  } catch (error) {
    return {
      subject: 'disk',
      verdict: 'failure',
      detail: (error as Error).message,
      remedy: 'what is built once is kept there: set XDG_CACHE_HOME to a folder of your own (an absolute path)',
    };
  }
}

async function checkoutDisk(): Promise<Finding> {
  return disk({
    dir: checkoutDir,
    wantedBytes: CHECKOUT_DISK_BYTES,
    remedy: 'logs and results want 1 GiB: free some (old logs in .rig/ may go)',
  });
}

async function disk({
  dir,
  wantedBytes,
  remedy,
}: {
  dir: string;
  wantedBytes: number;
  remedy: string;
}): Promise<Finding> {
  const { bavail, bsize } = await statfs(dir);
  const found = { subject: 'disk', detail: `${((bavail * bsize) / GIB).toFixed(1)} GiB free for ${dir}` };
  return bavail * bsize >= wantedBytes ? { ...found, verdict: 'ok' } : { ...found, verdict: 'warning', remedy };
}

async function temporary(): Promise<Finding> {
  try {
    return { subject: 'temporary', verdict: 'ok', detail: await privateTempDir() };
  } catch (error) {
    return { subject: 'temporary', verdict: 'failure', detail: (error as Error).message };
  }
}

/** A rig's broker and daprds hold some hundred connections and files each, and the limit is one process's. */
const MIN_OPEN_FILES = 1_024;

async function openFiles(): Promise<Finding> {
  const subject = 'open files';
  // The hard limit: Node raises its own soft limit to it, and what it starts inherits that. Linux only.
  const hard = /^Max open files\s+\d+\s+(\d+)/m.exec(readProc('/proc/self/limits'))?.[1];
  if (hard === undefined || Number(hard) >= MIN_OPEN_FILES)
    return { subject, verdict: 'ok', detail: hard ?? 'no limit found' };
  return {
    subject,
    verdict: 'failure',
    detail: hard,
    remedy: `raise the limit: ulimit -Hn ${MIN_OPEN_FILES}, or more`,
  };
}

async function ports(): Promise<Finding> {
  try {
    (await claimPorts(PORTS_OF_A_RIG)).release();
    return { subject: 'ports', verdict: 'ok', detail: `${PORTS_OF_A_RIG} free on 127.0.0.1` };
  } catch (error) {
    return {
      subject: 'ports',
      verdict: 'failure',
      detail: (error as Error).message,
      remedy: 'stop what listens there',
    };
  }
}

async function checkout(): Promise<Finding> {
  // What is wrong with the way to ask stands at `temporary`.
  const holder = await controlStatus(checkoutDir).catch(() => undefined);
  return holder
    ? {
        subject: 'checkout',
        verdict: 'warning',
        detail: `in use by '${holder.command}' (process ${holder.pid})`,
        remedy: "wait for it, or 'make rig-down'",
      }
    : { subject: 'checkout', verdict: 'ok', detail: 'free' };
}

async function daprd(): Promise<Finding> {
  return tool('daprd', async () => {
    const named = await namedDaprd();
    return named
      ? {
          verdict: 'warning',
          detail: `${named.path} ${named.version}, from DAPRD`,
          remedy: 'unset DAPRD: it may lose orders when an app crashes, which the daprd that is built here does not',
        }
      : { verdict: 'ok', detail: `built from source with ${await daprdCompiler()}` };
  });
}

async function spin(): Promise<Finding> {
  return tool('spin', async () => {
    const own = await locateSpin();
    const detail = own
      ? `${own.path} ${own.version}`
      : `none of your own; built from source with ${await spinHostCompiler()}`;
    return { verdict: 'ok', detail };
  });
}

/** `make bench` needs none of it. */
async function wasmTarget(): Promise<Finding> {
  const subject = 'wasm target';
  try {
    await mustHaveTarget(WASM_TARGET);
    return { subject, verdict: 'ok', detail: WASM_TARGET };
  } catch (error) {
    if (!(error instanceof ToolMissing)) throw error;
    const remedy = `rustup target add ${WASM_TARGET}`;
    return { subject, verdict: 'warning', detail: 'none: contenders that are Rust on Spin are left out', remedy };
  }
}

async function tool(subject: string, look: () => Promise<Omit<Finding, 'subject'>>): Promise<Finding> {
  try {
    return { subject, ...(await look()) };
  } catch (error) {
    if (!(error instanceof ToolMissing)) throw error;
    const [detail = '', ...remedy] = error.message.split(/(?<=\.) (?=(?:Install|Set) )/);
    return { subject, verdict: 'failure', detail, ...(remedy.length > 0 && { remedy: remedy.join(' ') }) };
  }
}
