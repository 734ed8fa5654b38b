/**
 * `npm start`: build, migrate, seed the demo once, serve. State stays in .data/; `-- --reset` starts anew, `-- --empty` serves a mall that
 * nobody owns yet, with a state of its own beside the demo's.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildWorker } from "./build.ts";
import { demoOf, forgetHalfDemo, forgetState } from "./demo.ts";
import { endWith, optionsOf } from "./options.ts";
import { needFreePort } from "./port.ts";
import { COLLEAGUE_PASSWORD, DEMO_OWNER } from "./seed-staff.ts";
import type { Demo } from "./seed.ts";
import {
  DEMO_COURIER_STEPS_MS,
  DEMO_SUPPLIER_WORK_MS,
  startServer,
  WORKER_BUNDLE,
} from "./server.ts";

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

async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    endWith(`--port takes a number from 1 to 65535, not ${values.port}`);
  }
  await needFreePort(values.host, port, "npm start -- --port N");
  if (values["no-build"] && !existsSync(WORKER_BUNDLE)) {
    endWith("nothing is built yet: leave out --no-build");
  }
  if (values.reset) forgetState(DATA_DIR);
  if (!values.empty) forgetHalfDemo(DATA_DIR);
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
  const local = server.origin.replace("0.0.0.0", "127.0.0.1");
  if (values.empty) printFirstSteps(local, server.setupKey);
  else {
    const onSeed = (): void =>
      console.log("seeding the demo: 28 goods, 500 members, three sales …");
    printLinks(local, await demoOf(DATA_DIR, server, onSeed));
  }
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
  as who may less          shipping@, service@, jetty@ (store clerk), finance@, audit@demo.test · ${COLLEAGUE_PASSWORD}

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
  const { code, message } = error as NodeJS.ErrnoException;
  // What the system refuses, such as a folder that cannot be written, is said by its sentence; a fault of ours by its stack.
  console.error(code === undefined ? error : message);
  process.exit(1);
});
