/** `npm run crash -- --fsync`: a short load under strace, then SIGKILL. Was every answer on the disk before it left? */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  inParallel,
  ProductApi,
  type Member,
  type SaleView,
  type TicketResponse,
} from "../load/api.ts";
import { startProduct, type Product } from "../load/product.ts";
import { DoorVisit } from "./door-visit.ts";
import { TraceReader, type TraceReport, type Word } from "./strace.ts";

const MEMBERS = 40;
const CALLS_PER_MEMBER = 5;
const CANCELS = 20;
const WIDTH = 16;
const HOUR_MS = 3_600_000;
const ATTACH_PATIENCE_MS = 10_000;
const ORDER_IDS = /fsync-(?:door|call)-\d{6}/g;
const CALLS = "fsync,fdatasync,pwrite64,pwritev,pwritev2,write,writev,sendto,sendmsg";
/** Longer than a page of a log with its head, so that no order id is cut off. */
const TEXT_MAX = "8192";

interface Stage {
  readonly api: ProductApi;
  readonly members: readonly Member[];
  readonly sale: SaleView;
}

/** What the clients were told. */
type Told = Map<string, Word>;

/** 0: every acknowledged answer was on the disk before it left, and there after the kill. */
export async function runFsyncProof(print: (line: string) => void): Promise<number> {
  if (spawnSync("strace", ["-V"]).status !== 0) {
    print("strace is not here: apt-get install strace");
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), "qiangdui-fsync-"));
  let product = await startProduct({ dataDir: join(folder, "data") });
  let api = new ProductApi(product.origin);
  try {
    const stage = await setUp(api);
    const trace = join(folder, "trace.txt");
    const tracer = await attach(product, trace);
    const told = await runLoad(stage, product.origin);
    // Beside the proof by order of calls the plain one: the process is gone without a chance to write anything.
    await product.kill();
    await new Promise((resolve) => {
      if (tracer.exitCode !== null || tracer.signalCode !== null) resolve(null);
      else tracer.once("exit", resolve);
    });
    api.close();
    product = await startProduct({ dataDir: join(folder, "data") });
    api = new ProductApi(product.origin);
    const lost = await findLost(api, stage.members, told);
    return tell(print, await readTrace(trace), told, lost);
  } finally {
    api.close();
    await product.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function setUp(api: ProductApi): Promise<Stage> {
  const ids = Array.from({ length: MEMBERS }, (_, at) => `fsync-${at}`);
  const members = await inParallel(ids, WIDTH, (id) => api.login(id));
  await inParallel(ids, WIDTH, (id) => api.grant(id, 1_000, "fsync"));
  await api.createSku("fsync", "Fsync");
  const opensAtMs = Date.now();
  const sale = await api.createSale({
    skuId: "fsync",
    title: "Fsync",
    pricePoints: 10,
    units: MEMBERS * (CALLS_PER_MEMBER + 1),
    limitPerMember: CALLS_PER_MEMBER + 1,
    quantityMax: 1,
    opensAtMs,
    closesAtMs: opensAtMs + HOUR_MS,
  });
  return { api, members, sale };
}

/** Returns when strace holds every thread of the runtime. */
async function attach(product: Product, trace: string): Promise<ChildProcess> {
  const pids = product.serverPids.flatMap((pid) => ["-p", String(pid)]);
  const args = ["-f", "-yy", "-ttt", "-s", TEXT_MAX, "-e", `trace=${CALLS}`, "-o", trace, ...pids];
  const tracer = spawn("strace", args, { stdio: ["ignore", "ignore", "pipe"] });
  await new Promise<void>((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => {
      tracer.kill();
      reject(new Error(`strace could not attach: ${said.trim()}`));
    }, ATTACH_PATIENCE_MS);
    tracer.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (!said.includes("attached")) return;
      clearTimeout(timer);
      resolve();
    });
    tracer.once("exit", () => {
      clearTimeout(timer);
      reject(new Error(`strace ended: ${said.trim()}`));
    });
  });
  return tracer;
}

const orderIdOf = (kind: "door" | "call", at: number): string =>
  `fsync-${kind}-${String(at).padStart(6, "0")}`;

/** Tickets and doors, one-call redemptions, then cancels one after the other. */
async function runLoad({ api, members, sale }: Stage, origin: string): Promise<Told> {
  const told: Told = new Map();
  const { saleId, epoch } = sale;
  await Promise.all(
    members.map(async ({ token }, at) => {
      const orderId = orderIdOf("door", at);
      const ticket = await api.call<TicketResponse>("POST", `/api/v1/sales/${saleId}/tickets`, {
        token,
        body: { orderId, quantity: 1, epoch },
      });
      told.set(orderId, "ticket");
      const verdict = await new DoorVisit(origin, ticket.doorUrl, 0).verdict();
      if (verdict.kind === "granted") told.set(orderId, "granted-at-door");
    }),
  );
  const calls = Array.from({ length: members.length * CALLS_PER_MEMBER }, (_, at) => at);
  await inParallel(calls, WIDTH, async (at) => {
    const orderId = orderIdOf("call", at);
    const { token } = memberAt(members, at);
    const body = { orderId, quantity: 1, epoch };
    const { status } = await api.http.request("POST", `/api/v1/sales/${saleId}/redemptions`, {
      token,
      body,
    });
    if (status === 201) told.set(orderId, "granted");
  });
  for (let at = 0; at < CANCELS; at += 1) {
    const orderId = orderIdOf("call", at);
    const { token } = memberAt(members, at);
    const { status } = await api.http.request("POST", `/api/v1/orders/${orderId}/cancel`, {
      token,
    });
    if (status === 200) told.set(orderId, "cancelled");
  }
  return told;
}

function memberAt(members: readonly Member[], at: number): Member {
  const member = members[at % members.length];
  if (!member) throw new Error("the load has members");
  return member;
}

/** Acknowledged orders that the restarted product knows otherwise. */
async function findLost(
  api: ProductApi,
  members: readonly Member[],
  told: Told,
): Promise<string[]> {
  const lost = await inParallel([...told], WIDTH, async ([orderId, word]) => {
    const { token } = memberAt(members, Number(orderId.slice(-6)));
    const { body } = await api.http.request("GET", `/api/v1/orders/${orderId}`, { token });
    const { state = "none" } = JSON.parse(body) as { state?: string };
    // The door's grant may still be on its way to the Account; its take is asked for by the order itself.
    const wanted = word === "ticket" ? "held" : word === "cancelled" ? "cancelled" : "to_ship";
    return state === wanted ? [] : [`${orderId} was told ${word}, is ${state}`];
  });
  return lost.flat();
}

async function readTrace(path: string): Promise<TraceReport> {
  const reader = new TraceReader(ORDER_IDS);
  for await (const line of createInterface({ input: createReadStream(path, "latin1") }))
    reader.read(line);
  return reader.report();
}

function tell(
  print: (line: string) => void,
  report: TraceReport,
  told: Told,
  lost: readonly string[],
): number {
  const { answers, early, fsyncs, accountFsyncs, skuFsyncs } = report;
  const heard = (...words: Word[]): number =>
    [...told.values()].filter((word) => words.includes(word)).length;
  const expected: Record<Word, number> = {
    ticket: heard("ticket", "granted-at-door"),
    "granted-at-door": heard("granted-at-door"),
    granted: heard("granted", "cancelled"),
    cancelled: heard("cancelled"),
  };
  print("answers          told  seen by strace");
  for (const word of Object.keys(expected) as Word[])
    print(
      `${word.padEnd(16)} ${String(expected[word]).padStart(4)}  ${String(answers[word]).padStart(4)}`,
    );
  print(`fsyncs: ${fsyncs}, of them ${accountFsyncs} of Accounts, ${skuFsyncs} of the Sku`);
  print(`answers that left before the disk had them: ${early.length}`);
  print(`acknowledged, and lost by SIGKILL: ${lost.length} of ${told.size} orders`);
  const unseen = (Object.keys(expected) as Word[]).filter((word) => answers[word] < expected[word]);
  const breaches = [
    ...early,
    ...lost,
    ...unseen.map((word) => `strace saw not every answer ${word}, so it proves nothing`),
    ...(told.size === 0 ? ["nothing was acknowledged"] : []),
  ];
  for (const breach of breaches.slice(0, 10)) print(`BREACH ${breach}`);
  if (breaches.length === 0) print("acknowledged means on the disk");
  return breaches.length === 0 ? 0 : 1;
}
