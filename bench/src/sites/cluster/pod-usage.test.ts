import { describe, expect, it } from 'vitest';
import { parsePodUsage } from './pod-usage.js';

const UID = '0f1e2d3c-aaaa-bbbb-cccc-000000000001';
const OTHER = '0f1e2d3c-aaaa-bbbb-cccc-000000000002';

const files = (folder: string, cpuUs: number) =>
  [
    `/cgroup/${folder}/cpu.stat:usage_usec ${cpuUs}`,
    `/cgroup/${folder}/cpu.stat:user_usec ${cpuUs - 500}`,
    `/cgroup/${folder}/cpu.stat:system_usec 500`,
    `/cgroup/${folder}/cpu.stat:nr_throttled 3`,
    `/cgroup/${folder}/cpu.stat:throttled_usec 2500`,
    `/cgroup/${folder}/memory.peak:1048576`,
  ].join('\n');
const USAGE = { cpuMs: 10, userCpuMs: 9.5, systemCpuMs: 0.5, throttledMs: 2.5, peakMemoryBytes: 1_048_576 };

describe('the usage of pods', () => {
  it.each([
    ['guaranteed, systemd driver', `kubepods.slice/kubepods-pod${UID.replaceAll('-', '_')}.slice`],
    [
      'burstable, systemd driver',
      `kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${UID.replaceAll('-', '_')}.slice`,
    ],
    ['guaranteed, cgroupfs driver', `kubepods/pod${UID}`],
    ['burstable, cgroupfs driver', `kubepods/burstable/pod${UID}`],
  ])('is read from the cgroup of the pod: %s', (_, folder) => {
    expect(parsePodUsage(files(folder, 10_000), [UID])).toEqual(new Map([[UID, USAGE]]));
  });

  it('is the pod’s and not that of a container in it, nor another pod’s', () => {
    const slice = `kubepods.slice/kubepods-pod${UID.replaceAll('-', '_')}.slice`;
    const text = [
      files(`${slice}/cri-containerd-${'ab'.repeat(32)}.scope`, 4_000),
      files(slice, 10_000),
      files(`kubepods.slice/kubepods-pod${OTHER.replaceAll('-', '_')}.slice`, 20_000),
    ].join('\n');
    expect(parsePodUsage(text, [UID]).get(UID)).toEqual(USAGE);
    expect([...parsePodUsage(text, [UID, OTHER]).keys()]).toEqual([UID, OTHER]);
  });

  it('is missing where a file is', () => {
    const text = files(`kubepods/pod${UID}`, 10_000)
      .split('\n')
      .filter(line => !line.includes('memory.peak'));
    expect(parsePodUsage(text.join('\n'), [UID]).size).toBe(0);
  });

  it('is read from cgroups in version 1 too, a folder a controller', () => {
    const text = [
      `/cgroup/cpuacct/kubepods/burstable/pod${UID}/cpuacct.usage:10000000`,
      `/cgroup/cpuacct/kubepods/burstable/pod${UID}/cpuacct.stat:user 7`,
      `/cgroup/cpuacct/kubepods/burstable/pod${UID}/cpuacct.stat:system 3`,
      `/cgroup/cpu/kubepods/burstable/pod${UID}/cpu.stat:nr_throttled 3`,
      `/cgroup/cpu/kubepods/burstable/pod${UID}/cpu.stat:throttled_time 2500000`,
      `/cgroup/memory/kubepods/burstable/pod${UID}/memory.max_usage_in_bytes:1048576`,
    ].join('\n');
    expect(parsePodUsage(text, [UID]).get(UID)).toEqual({ ...USAGE, userCpuMs: 70, systemCpuMs: 30 });
  });
});
