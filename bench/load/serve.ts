/**
 * The product in a process group of its own, for tools that measure or kill it: started by `startProduct`.
 * Says on stdout where it listens and which processes serve. Ends when its parent is gone.
 */
import { startServer } from "../../worker/local/server.ts";
import { startHello } from "./hello.ts";
import { childrenOf } from "./processes.ts";

const [dataDir = "", port = "0", helloPort = ""] = process.argv.slice(2);
const COMPATIBILITY_DATE = "2026-10-01";

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
const serverPids = childrenOf(process.pid);
const hello = helloPort === "" ? null : await startHello(Number(helloPort), COMPATIBILITY_DATE);
const helloPids = childrenOf(process.pid).filter((pid) => !serverPids.includes(pid));
end = () => void Promise.allSettled([server.close(), hello?.close()]).then(() => process.exit(0));
process.stdout.write(
  `${JSON.stringify({ origin: server.origin, serverPids, helloOrigin: hello?.origin ?? null, helloPids })}\n`,
);
