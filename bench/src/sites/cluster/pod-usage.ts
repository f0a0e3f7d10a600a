/** What the cgroup of one pod, all its containers together, has used since the pod's start. */
export interface PodUsage {
  readonly cpuMs: number;
  readonly userCpuMs: number;
  readonly systemCpuMs: number;
  /** How long its CPU limit held it back. */
  readonly throttledMs: number;
  readonly peakMemoryBytes: number;
}

/**
 * Reads what a cgroup reader printed, `<file>:<line>` a line, by pod. kubelet's folder for a pod holds its uid, with `_`
 * for `-` under the systemd driver; the folders inside it, a container each, are passed over. Of cgroups in version 1 a
 * pod has such a folder a controller.
 *
 * @returns the usage by uid; a pod without all of its figures (it is gone, or just made) is not in it.
 */
export function parsePodUsage(text: string, uids: readonly string[]): Map<string, PodUsage> {
  const byFolder = new Map<string, Map<string, number>>();
  for (const line of text.split('\n')) {
    const [, folder, file, key = '', value] = LINE.exec(line) ?? [];
    if (folder === undefined) continue;
    const figures = byFolder.get(folder) ?? new Map<string, number>();
    figures.set(key || String(file), Number(value));
    byFolder.set(folder, figures);
  }
  const usage = new Map<string, PodUsage>();
  for (const uid of uids) {
    const names = [`pod${uid}`, `pod${uid.replaceAll('-', '_')}.slice`];
    const [, figures] = [...byFolder].find(([folder]) => names.some(name => folder.endsWith(name))) ?? [];
    const found = figures && (podUsage(figures) ?? podUsageOfVersion1(figures));
    if (found) usage.set(uid, found);
  }
  return usage;
}

/** Of version 2 the first two files, of version 1 the others and another `cpu.stat`. */
const LINE =
  /^(?:.*\/)?([^/]+)\/(cpu\.stat|memory\.peak|cpuacct\.usage|cpuacct\.stat|memory\.max_usage_in_bytes):(?:([a-z_]+) )?(\d+)$/;
const US_PER_MS = 1000;
const NS_PER_MS = 1_000_000;
/** USER_HZ is 100 on every processor that Linux runs Kubernetes on. */
const MS_PER_TICK = 10;

function podUsage(figures: ReadonlyMap<string, number>): PodUsage | undefined {
  const [cpuUs, userUs, systemUs] = ['usage_usec', 'user_usec', 'system_usec'].map(key => figures.get(key));
  const peakMemoryBytes = figures.get('memory.peak');
  if (cpuUs === undefined || userUs === undefined || systemUs === undefined || peakMemoryBytes === undefined)
    return undefined;
  return {
    cpuMs: cpuUs / US_PER_MS,
    userCpuMs: userUs / US_PER_MS,
    systemCpuMs: systemUs / US_PER_MS,
    // Absent for a pod without a CPU limit.
    throttledMs: (figures.get('throttled_usec') ?? 0) / US_PER_MS,
    peakMemoryBytes,
  };
}

function podUsageOfVersion1(figures: ReadonlyMap<string, number>): PodUsage | undefined {
  const [cpuNs, userTicks, systemTicks] = ['cpuacct.usage', 'user', 'system'].map(key => figures.get(key));
  const peakMemoryBytes = figures.get('memory.max_usage_in_bytes');
  if (cpuNs === undefined || userTicks === undefined || systemTicks === undefined || peakMemoryBytes === undefined)
    return undefined;
  return {
    cpuMs: cpuNs / NS_PER_MS,
    userCpuMs: userTicks * MS_PER_TICK,
    systemCpuMs: systemTicks * MS_PER_TICK,
    throttledMs: (figures.get('throttled_time') ?? 0) / NS_PER_MS,
    peakMemoryBytes,
  };
}
