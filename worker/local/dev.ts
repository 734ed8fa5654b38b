/** `npm run dev`: the Worker, rebuilt on change, and Vite with hot reload in front of it. */
import { spawn } from "node:child_process";
import { watch } from "node:fs";
import { join } from "node:path";
import { buildWorker } from "./build.ts";
import { demoOf, forgetHalfDemo } from "./demo.ts";
import { optionsOf } from "./options.ts";
import { needFreePort } from "./port.ts";
import {
  DEMO_COURIER_STEPS_MS,
  DEMO_SUPPLIER_WORK_MS,
  startServer,
  type Server,
} from "./server.ts";

const ROOT = join(import.meta.dirname, "../..");
const DATA_DIR = join(ROOT, ".data/dev");
const WORKER_PORT = 8788;
const VITE_PORT = 5173;

let server: Server | null = null;

async function restart(): Promise<void> {
  try {
    buildWorker();
  } catch (error) {
    console.error(String(error));
    return;
  }
  await server?.close();
  server = await startServer({
    port: WORKER_PORT,
    dataDir: DATA_DIR,
    cron: true,
    hasBank: true,
    courierStepsMs: DEMO_COURIER_STEPS_MS,
    supplierWorkMs: DEMO_SUPPLIER_WORK_MS,
    vars: { SHELL_ORIGIN: `http://127.0.0.1:${VITE_PORT}` },
    onLog: (line) => console.log(line),
  });
  await demoOf(DATA_DIR, server, () => console.log("seeding the demo …"));
  console.log(`worker at ${server.origin}; open http://127.0.0.1:${VITE_PORT}/`);
}

/** One rebuild at a time; changes during it cause one more. */
function onChange(): () => void {
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  return () => {
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(restart);
    }, 200);
  };
}

const HELP = `npm run dev

Serves the Worker at ${WORKER_PORT}, built anew at each change, and Vite with hot reload before it: open http://127.0.0.1:${VITE_PORT}/
The demo is that of npm start, with a state of its own in .data/dev/; it takes no options.`;

const { values } = optionsOf("npm run dev -- --help", {
  options: { help: { type: "boolean", default: false } },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
for (const port of [WORKER_PORT, VITE_PORT]) {
  await needFreePort("127.0.0.1", port, "another npm run dev may be running");
}
forgetHalfDemo(DATA_DIR);
await restart();
const changed = onChange();
for (const folder of ["worker", "storefront", "migrations"]) {
  watch(join(ROOT, folder), { recursive: true }, (_event, file) => {
    // Vite reloads the browser by itself; the Worker renders the same components, so it follows.
    if (file && /\.(ts|tsx|sql)$/.test(file) && !file.includes(".test.")) changed();
  });
}
const vite = spawn(
  join(ROOT, "node_modules/.bin/vite"),
  ["--config", "storefront/vite.config.ts", "--port", String(VITE_PORT), "--strictPort"],
  {
    cwd: ROOT,
    stdio: "inherit",
    env: {
      ...process.env,
      WORKER_ORIGIN: `http://127.0.0.1:${WORKER_PORT}`,
      VITE_PORT: String(VITE_PORT),
    },
  },
);
const stop = (): void => {
  vite.kill();
  void server?.close().then(() => process.exit(0));
};
process.once("SIGINT", stop);
process.once("SIGTERM", stop);
vite.once("exit", stop);
