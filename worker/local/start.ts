/**
 * `npm start`: build, migrate, seed the demo once, serve. State stays in .data/; `-- --reset` starts anew, `-- --empty` serves a mall that
 * nobody owns yet, with a state of its own beside the demo's.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildWorker } from "./build.ts";
import { endWith, optionsOf } from "./options.ts";
import { COLLEAGUE_PASSWORD, DEMO_OWNER, seedStaff } from "./seed-staff.ts";
import { seedDemo, type Demo } from "./seed.ts";
import { DEMO_COURIER_STEPS_MS, DEMO_SUPPLIER_WORK_MS, startServer } from "./server.ts";

const ROOT = join(import.meta.dirname, "../..");

const HELP = `npm start [-- options]

  --port N    the port of shop and API (default 8787)
  --host A    the address to listen at (default 127.0.0.1; 0.0.0.0 lets a phone in your network open it)
  --reset     forget the state in .data/ and begin anew
  --empty     no demo: a mall without owner and goods, to open a shop in (state in .data/empty/)
  --no-build  serve what was built before`;

const { values } = optionsOf("npm start -- --help", {
  options: {
    port: { type: "string", default: "8787" },
    host: { type: "string", default: "127.0.0.1" },
    reset: { type: "boolean", default: false },
    empty: { type: "boolean", default: false },
    "no-build": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const DATA_DIR = join(ROOT, ".data", values.empty ? "empty" : "");
const DEMO_FILE = join(DATA_DIR, "demo.json");

async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    endWith(`--port takes a number from 1 to 65535, not ${values.port}`);
  }
  if (values.reset) rmSync(DATA_DIR, { recursive: true, force: true });
  if (!values["no-build"]) {
    console.log("building …");
    buildWorker();
  }
  console.log("starting …");
  const server = await startServer({
    port,
    host: values.host,
    dataDir: DATA_DIR,
    cron: true,
    hasBank: true,
    courierStepsMs: DEMO_COURIER_STEPS_MS,
    supplierWorkMs: DEMO_SUPPLIER_WORK_MS,
  });
  if (!values.empty && !existsSync(DEMO_FILE)) {
    console.log("seeding the demo: 28 goods, 500 members, three sales …");
    await seedStaff(server.origin, server.setupKey);
    writeFileSync(DEMO_FILE, JSON.stringify(await seedDemo(server.origin)));
  }
  const local = server.origin.replace("0.0.0.0", "127.0.0.1");
  if (values.empty) printFirstSteps(local, server.setupKey);
  else printLinks(local, JSON.parse(readFileSync(DEMO_FILE, "utf8")) as Demo);
  const stop = (): void => void server.close().then(() => process.exit(0));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

function printFirstSteps(local: string, setupKey: string): void {
  console.log(`
抢兑 Qiangdui serves an empty mall at ${local}

  console       ${local}/console
  setup key     ${setupKey}

  The console asks for the key once, then leads from a template to an open shop (docs/pages.md).
  npm start -- --empty --reset     begins anew

Ctrl+C stops it; the state stays in .data/empty/`);
}

function printLinks(local: string, demo: Demo): void {
  const login = (memberId: string, path: string): string =>
    `${local}/login?as=${memberId}&returnTo=${encodeURIComponent(path)}`;
  console.log(`
抢兑 Qiangdui serves at ${local}

  shop                     ${local}/
  as a member with points  ${login(demo.member, "/")}
  as a newcomer            ${login(demo.newcomer, "/")}

  console                  ${local}/console
  as its owner             ${DEMO_OWNER.email} · ${DEMO_OWNER.password}
  as who may less          jetty@ (store clerk), finance@, audit@demo.test · ${COLLEAGUE_PASSWORD}

  a sale that runs         ${local}/s/${demo.running}
  opens 2 min after seeding ${local}/s/${demo.next}
  sold out                 ${local}/s/${demo.soldOut}

  API                      ${local}/api/openapi.json
  audit (as staff)         see README, "Integrate"

  npm run demo:rush        sends some hundreds of members into the next sale; watch its page
  npm start -- --reset     seeds anew, so that the next sale is two minutes away again

Ctrl+C stops it; the state stays in .data/`);
}

main().catch((error: unknown) => {
  const { code, message } = error as { code?: string; message?: string };
  const isTaken = code === "EADDRINUSE" || /address already in use/i.test(message ?? "");
  console.error(isTaken ? `port ${values.port} is taken: npm start -- --port N` : error);
  process.exit(1);
});
