/**
 * The built Worker in the runtime itself, with a direct socket: what `npm start`, the browser tests, the bench and
 * the crash rounds talk to. `wrangler dev` would put a development proxy between.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bank } from "../testing/bank/bank.ts";
import { PretendedCourier } from "../testing/courier/courier.ts";
import { PretendedSupplier } from "../testing/supplier/supplier.ts";
import { openBank, type OpenBank } from "./bank.ts";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions, unstable_splitSqlQuery } from "wrangler";

const ROOT = join(import.meta.dirname, "../..");
/** Another build than dist/worker may be served, so that one can be measured against the other. */
const BUNDLE_DIR = process.env["QIANGDUI_BUNDLE_DIR"] ?? join(ROOT, "dist/worker");
export const WORKER_BUNDLE = join(BUNDLE_DIR, "index.js");

export interface ServerOptions {
  readonly port: number;
  readonly host?: string;
  /** Where state persists; it survives a kill. */
  readonly dataDir: string;
  /** Settings beside those of wrangler.toml. */
  readonly vars?: Readonly<Record<string, string>>;
  /** A pretended bank beside it, so that members can pay. */
  readonly hasBank?: boolean;
  /** A pretended tracking service beside it, by which sent parcels move; each step so long after the parcel left. */
  readonly courierStepsMs?: readonly number[];
  /** A pretended supplier of top-ups beside it, so long at work on each. */
  readonly supplierWorkMs?: number;
  /** Fire the cron trigger every minute, which Miniflare does not do by itself. */
  readonly cron?: boolean;
  readonly onLog?: (line: string) => void;
  /** For who kills the runtime: without it Miniflare starts another. Also while this one starts. */
  readonly signal?: AbortSignal;
}

export interface Server {
  readonly origin: string;
  readonly miniflare: Miniflare;
  /** By which the first owner is made. */
  readonly setupKey: string;
  /** Where members of this server pay; null: cash is due on delivery. */
  readonly bank: Bank | null;
  /** Who tells where parcels are; null: nobody. */
  readonly courier: PretendedCourier | null;
  /** Who tops accounts up; null: nobody. */
  readonly supplier: PretendedSupplier | null;
  close(): Promise<void>;
}

/** A parcel of the demo is collected while its sender looks on, and at the door before they have lost interest. */
export const DEMO_COURIER_STEPS_MS = [5_000, 25_000, 60_000, 120_000];
export const DEMO_SUPPLIER_WORK_MS = 6_000;

/** What the runtime tells its own makers, such as an alarm that was late on a busy machine: no news to whoever runs a shop. */
const RUNTIME_NOTE = /^NOSENTRY /;

/** Settings that suit one machine: fewer, fuller objects than a deployment has. */
const LOCAL_VARS = {
  ACCOUNT_BUCKETS: "2",
  PROJECTORS: "1",
  DOORS_PER_SALE: "1",
  DEV_LOGIN: "on",
};

/** Those outside whom an order needs: who carries parcels, and who tops accounts up. */
async function openNeighbours(
  { courierStepsMs: stepsMs, supplierWorkMs: workMs }: ServerOptions,
  secrets: Readonly<Record<string, string>>,
  origin: () => string,
): Promise<Pick<Server, "courier" | "supplier">> {
  const key = secrets["SETUP_KEY"]?.slice(-16) ?? "";
  const courier = stepsMs
    ? await PretendedCourier.open({ customer: "PRETENDED", key, stepsMs })
    : null;
  const callbackUrl = (): string => `${origin()}/api/v1/callbacks/top-ups/demo`;
  const supplier =
    workMs === undefined
      ? null
      : await PretendedSupplier.open({ keyId: "pretended", secret: key, workMs, callbackUrl });
  return { courier, supplier };
}

export async function startServer(options: ServerOptions): Promise<Server> {
  if (!existsSync(WORKER_BUNDLE)) throw new Error("the Worker is not built: npm run build");
  const host = options.host ?? "127.0.0.1";
  mkdirSync(options.dataDir, { recursive: true });
  const secrets = readSecrets(options.dataDir);
  const { assets, ...worker } = unstable_getMiniflareWorkerOptions(
    join(ROOT, "wrangler.toml"),
  ).workerOptions;
  let origin = "";
  const opened = options.hasBank ? await openBank(options.dataDir, () => origin) : null;
  const { courier, supplier } = await openNeighbours(options, secrets, () => origin);
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      port: 0,
      // For a profiler: INSPECT=9229 opens the runtime's inspector there.
      ...(process.env["INSPECT"] ? { inspectorPort: Number(process.env["INSPECT"]) } : {}),
      log: new Log(LogLevel.ERROR),
      resourcePersistencePath: join(options.dataDir, "state"),
      handleStructuredLogs: ({ level, message }) => {
        if (options.onLog) options.onLog(message);
        else if (!RUNTIME_NOTE.test(message)) console[level === "error" ? "error" : "log"](message);
      },
      workers: [
        {
          ...worker,
          name: "qiangdui",
          modules: [{ type: "ESModule", path: WORKER_BUNDLE }, ...textModules()],
          modulesRoot: BUNDLE_DIR,
          bindings: {
            ...(worker["bindings"] as Record<string, string>),
            ...LOCAL_VARS,
            ...secrets,
            ...(courier ? { KUAIDI100: courier.setting } : {}),
            ...(supplier ? { TOP_UP_SUPPLIER: supplier.setting } : {}),
            ...options.vars,
          },
          serviceBindings: {
            ASSETS: "assets",
            ...(opened ? { PAY_SIM: bankService(opened) } : {}),
          },
          unsafeDirectSockets: [{ host, port: options.port }],
        },
        assetsNeighbour(String(worker["compatibilityDate"]), assets),
      ],
    }),
  );
  let timer: ReturnType<typeof setInterval> | undefined;
  let closed: Promise<void> | null = null;
  const close = (): Promise<void> => {
    clearInterval(timer);
    opened?.close();
    const all = [courier?.close(), supplier?.close(), miniflare.dispose()];
    const asPromises = all.map((one) => Promise.resolve(one));
    return (closed ??= Promise.all(asPromises).then(() => undefined));
  };
  options.signal?.addEventListener("abort", () => void close().catch(() => null));
  await miniflare.ready;
  origin = String(await miniflare.unsafeGetDirectURL("qiangdui")).replace(/\/$/, "");
  await migrateD1(miniflare);
  if (options.cron) timer = setInterval(() => void fireCron(miniflare), 60_000);
  return {
    origin,
    miniflare,
    setupKey: secrets["SETUP_KEY"] ?? "",
    bank: opened?.bank ?? null,
    courier,
    supplier,
    close,
  };
}

/**
 * A Worker that has assets itself gets a routing proxy before its socket, which costs two thirds of the requests a second;
 * so the assets are a neighbour.
 */
function assetsNeighbour(compatibilityDate: string, assets: unknown) {
  return {
    ...{ name: "assets", compatibilityDate, modules: true as const, assets: assets as never },
    script: "export default { fetch: (request, env) => env.ASSETS.fetch(request) };",
  };
}

interface BareRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: unknown;
  text(): Promise<string>;
}

/** Miniflare hands over requests of its own kind, and takes a response of any. */
function bankService(opened: OpenBank): (request: BareRequest) => Promise<Response> {
  return async (request) => {
    const { url, method } = request;
    const headers = new Headers(request.headers as Headers);
    const hasBody = method !== "GET" && method !== "HEAD";
    const body = hasBody ? { body: await request.text() } : {};
    const answer = await opened.bank.fetch(new Request(url, { method, headers, ...body }));
    opened.touched();
    return answer;
  };
}

/** The bundler leaves imported .sql files beside the bundle. */
function textModules(): { type: "Text"; path: string }[] {
  return readdirSync(BUNDLE_DIR)
    .filter((name) => name.endsWith(".sql"))
    .map((name) => ({ type: "Text", path: join(BUNDLE_DIR, name) }));
}

const SECRETS = [
  "SESSION_KEYS",
  "TICKET_KEYS",
  "EVIDENCE_KEYS",
  "VAULT_KEYS",
  "SETUP_KEY",
] as const;

/** Keys are made once and kept with the data, so that sessions, tickets and receipts outlive a restart. */
function readSecrets(dataDir: string): Record<string, string> {
  const path = join(dataDir, "secrets.json");
  const kept = existsSync(path)
    ? (JSON.parse(readFileSync(path, "utf8")) as Record<string, string>)
    : {};
  const missing = SECRETS.filter((name) => !(name in kept));
  if (missing.length === 0) return kept;
  const made = missing.map((name) => [name, `k1:${randomBytes(32).toString("hex")}`]);
  const all = { ...kept, ...(Object.fromEntries(made) as Record<string, string>) };
  writeFileSync(path, JSON.stringify(all), { mode: 0o600 });
  return all;
}

/** Applies what is missing, keeping the same table as `wrangler d1 migrations apply`. */
async function migrateD1(miniflare: Miniflare): Promise<void> {
  const db = await miniflare.getD1Database("DB", "qiangdui");
  await db.exec(
    "CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)",
  );
  const { results } = await db.prepare("SELECT name FROM d1_migrations").all<{ name: string }>();
  const applied = new Set(results.map((row) => row.name));
  const folder = join(ROOT, "migrations/d1");
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .sort()) {
    if (applied.has(name)) continue;
    const statements = unstable_splitSqlQuery(readFileSync(join(folder, name), "utf8"));
    await db.batch([
      ...statements.map((statement) => db.prepare(statement)),
      db.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name),
    ]);
  }
}

async function fireCron(miniflare: Miniflare): Promise<void> {
  const worker = await miniflare.getWorker("qiangdui");
  await worker.scheduled({ cron: "* * * * *", scheduledTime: new Date() });
}
