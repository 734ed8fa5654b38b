/** What /proc says of processes; nothing where there is no such thing. */
import { readdirSync, readFileSync } from "node:fs";

const TICKS_PER_SECOND = 100;

/** Its state, its parent, its group, …; the name before them stands in brackets and may hold spaces. */
function statOf(pid: number): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return ["X"];
  }
}

function processes(): number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** False for what has ended and only waits for its parent to hear of it. */
export const isRunning = (pid: number): boolean => !"ZX".includes(statOf(pid)[0] ?? "X");

/** Those too that have ended and wait for it: threads of theirs may still hold ports and files. */
export function childrenOf(parent: number): number[] {
  return processes().filter((pid) => Number(statOf(pid)[1]) === parent);
}

export function membersOf(group: number): number[] {
  return processes().filter((pid) => isRunning(pid) && Number(statOf(pid)[2]) === group);
}

/** Processor seconds these processes have used; NaN where /proc does not say. */
export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((seconds, pid) => {
    const fields = statOf(pid);
    return seconds + (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }, 0);
}
