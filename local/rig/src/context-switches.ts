import { procProcesses, procThreads, readProc } from './proc.js';

/** How often threads gave up a core by themselves, and how often it was taken from them. */
export interface ContextSwitches {
  readonly voluntary: number;
  readonly involuntary: number;
}

/** The switches of each living thread of a process group so far, by thread id. */
export type SwitchesByThread = ReadonlyMap<number, ContextSwitches>;

/**
 * Reads the context switches of process groups, keyed by group id: `/proc/<pid>/task/<tid>/status`, for the file of a
 * process tells of its first thread alone. Null off Linux, where nothing tells them.
 */
export function switchesByGroup(groups: ReadonlySet<number>): Map<number, SwitchesByThread> | null {
  if (process.platform !== 'linux') return null;
  const switches = new Map<number, Map<number, ContextSwitches>>();
  for (const { pid, group } of procProcesses(groups)) {
    const threads = switches.get(group) ?? new Map<number, ContextSwitches>();
    switches.set(group, threads);
    for (const thread of procThreads(pid)) {
      const status = readProc(`/proc/${pid}/task/${thread}/status`);
      if (status !== '') threads.set(thread, parseSwitches(status));
    }
  }
  return switches;
}

/** The switches between two readings, of the threads that are there in the second: those of an ended one are lost. */
export function switchesSince(before: SwitchesByThread, after: SwitchesByThread): ContextSwitches {
  let voluntary = 0;
  let involuntary = 0;
  for (const [thread, now] of after) {
    const then = before.get(thread);
    voluntary += now.voluntary - (then?.voluntary ?? 0);
    involuntary += now.involuntary - (then?.involuntary ?? 0);
  }
  return { voluntary, involuntary };
}

/** The two counters in a thread's status file. */
export function parseSwitches(status: string): ContextSwitches {
  return {
    voluntary: Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0),
    involuntary: Number(/^nonvoluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0),
  };
}
