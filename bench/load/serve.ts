/**
 * The product in a process group of its own, for tools that measure or kill it: started by `startProduct`.
 * Says on stdout where it listens and which processes serve. Ends when its parent is gone.
 */
import { readdirSync, readFileSync } from "node:fs";
import { startServer } from "../../worker/local/server.ts";
import { startHello } from "./hello.ts";

const [dataDir = "", port = "0", helloPort = ""] = process.argv.slice(2);
const COMPATIBILITY_DATE = "2026-10-01";

/** Processes this one started, by /proc; none where there is no such thing. */
function children(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => parentOf(pid) === process.pid)
      .map(Number);
  } catch {
    return [];
  }
}

function parentOf(pid: string): number {
  try {
    // The name stands in brackets and may hold spaces; the parent is the second field after it.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return -1;
  }
}

// The parent holds the other end of stdin; when it ends, however it ends, so does this. Before it serves there is nothing
// to close in order, and a runtime that stands still could not: the whole group, whose leader this is, is killed.
let end = (): unknown => process.kill(-process.pid, "SIGKILL");
process.stdin.resume();
process.stdin.on("close", () => end());

const server = await startServer({
  port: Number(port),
  dataDir,
  cron: true,
  hasBank: process.env["QIANGDUI_BANK"] === "on",
  vars: JSON.parse(process.env["QIANGDUI_VARS"] ?? "{}") as Record<string, string>,
  onLog: (line) => process.stderr.write(`${line}\n`),
});
const serverPids = children();
const hello = helloPort === "" ? null : await startHello(Number(helloPort), COMPATIBILITY_DATE);
const helloPids = children().filter((pid) => !serverPids.includes(pid));
end = () => void Promise.allSettled([server.close(), hello?.close()]).then(() => process.exit(0));
process.stdout.write(
  `${JSON.stringify({ origin: server.origin, serverPids, helloOrigin: hello?.origin ?? null, helloPids })}\n`,
);
