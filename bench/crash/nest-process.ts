/** The other side of `Nest`: starts the runtime whenever it is told to, and ends with who told it. */
import { startServer } from "../../worker/local/server.ts";
import { childrenOf } from "../load/processes.ts";
import type { Hatch, Order, Said } from "./nest.ts";

let death = new AbortController();
/** What the last start added to the settings of this process. */
let added: readonly string[] = [];

const say = (said: Said): void => void process.send?.(said);

async function hatch({ life, port, dataDir, vars, env }: Hatch): Promise<void> {
  death = new AbortController();
  for (const name of added) delete process.env[name];
  Object.assign(process.env, env);
  added = Object.keys(env);
  const onLog = (line: string): void => say({ kind: "log", life, line });
  await startServer({ port, dataDir, cron: true, vars, onLog, signal: death.signal });
}

process.on("message", (order: Order) => {
  if (order.kind === "die") {
    death.abort();
    say({ kind: "dying" });
    return;
  }
  hatch(order).then(
    () => say({ kind: "up" }),
    (error: unknown) => say({ kind: "failed", reason: String(error) }),
  );
});
process.on("disconnect", () => {
  for (const pid of childrenOf(process.pid)) process.kill(pid, "SIGKILL");
  process.exit(0);
});
