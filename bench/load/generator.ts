/**
 * A load generator in a process of its own: does the jobs of `jobs.ts` that come as lines on stdin, says progress and
 * reports as lines on stdout. Ends when its parent is gone, and by itself when told nothing for long.
 */
import type { Member } from "./api.ts";
import { Crowd } from "./crowd.ts";
import { drive } from "./driver.ts";
import type { Command, JobKind, Jobs, Said } from "./jobs.ts";
import { runLanes } from "./lanes.ts";
import { readLines, writeLine } from "./line-protocol.ts";
import { openLoop } from "./open-loop.ts";

/** No scenario leaves its generator idle, or at one job, for longer. */
const LIFE_MS_MAX = 30 * 60_000;
const PROGRESS_EVERY_MS = 250;

const crews = new Map<string, readonly Member[]>();
let crowd: Crowd | null = null;

type Worker<K extends JobKind> = (
  job: Jobs[K]["job"],
  onProgress: (done: number, of: number) => void,
) => Promise<Jobs[K]["report"]> | Jobs[K]["report"];

const WORKERS: { readonly [K in JobKind]: Worker<K> } = {
  crew: ({ crew, members }) => {
    crews.set(crew, members);
    return { members: members.length };
  },
  drive: (job, onProgress) => drive(job, crews, onProgress),
  openLoop: (job, onProgress) => openLoop(job, crews, onProgress),
  lanes: (job, onProgress) => runLanes(job, crews, onProgress),
  gather: async (job, onProgress) => {
    crowd?.leave();
    crowd = await Crowd.gather(job, crews, onProgress);
    return { sockets: job.sockets };
  },
  grab: (job, onProgress) => {
    if (!crowd) throw new Error("nobody has gathered");
    return crowd.grab(job, onProgress);
  },
  leave: () => {
    crowd?.leave();
    crowd = null;
    return {};
  },
};

const say = (said: Said): void => writeLine(process.stdout, said);

let life: ReturnType<typeof setTimeout> | undefined;
function live(): void {
  clearTimeout(life);
  life = setTimeout(() => process.exit(3), LIFE_MS_MAX);
}

async function obey({ id, kind, job }: Command): Promise<void> {
  let toldMs = 0;
  const onProgress = (done: number, of: number): void => {
    const nowMs = performance.now();
    if (nowMs - toldMs < PROGRESS_EVERY_MS) return;
    toldMs = nowMs;
    say({ say: "progress", id, done, of });
  };
  try {
    const work = WORKERS[kind] as Worker<JobKind> | undefined;
    if (!work) throw new Error(`no such job: ${kind}`);
    say({ say: "done", id, report: await work(job as never, onProgress) });
  } catch (error) {
    say({ say: "failed", id, reason: error instanceof Error ? error.message : String(error) });
  }
}

live();
let last: Promise<void> = Promise.resolve();
readLines(
  process.stdin,
  (value) => {
    live();
    last = last.then(() => obey(value as Command));
  },
  (reason) => {
    process.stderr.write(`${reason}\n`);
    process.exit(2);
  },
);
// The parent holds the other end; when it ends, however it ends, so does this.
process.stdin.on("close", () => process.exit(0));
say({ say: "ready", pid: process.pid });
