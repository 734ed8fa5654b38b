/** One round: a fresh sale, a crowd, kills at random moments, and then the truth. */
import { inParallel, sleep, type Member, type ProductApi, type SaleView } from "../load/api.ts";
import { startProduct, type Product } from "../load/product.ts";
import type { Random } from "../load/random.ts";
import { untilQuiet } from "../load/scenario.ts";
import {
  checkAudit,
  checkOrders,
  checkPoints,
  checkRefusals,
  checkUnits,
  type Truth,
} from "./checks.ts";
import { CrashClient, type ClientPlan, type Shop } from "./client.ts";

/** The product across its deaths: always the same port and data. */
export class Phoenix {
  readonly #dataDir: string;
  readonly #port: number;
  readonly #onLog: (line: string) => void;
  #product: Product | null = null;
  kills = 0;

  constructor(dataDir: string, port: number, onLog: (line: string) => void) {
    this.#dataDir = dataDir;
    this.#port = port;
    this.#onLog = onLog;
  }

  async rise(): Promise<string> {
    this.#product = await startProduct({
      dataDir: this.#dataDir,
      port: this.#port,
      onLog: this.#onLog,
    });
    return this.#product.origin;
  }

  async killAndRise(): Promise<void> {
    await this.#product?.kill();
    this.kills += 1;
    await this.rise();
  }

  async stop(): Promise<void> {
    await this.#product?.stop();
  }
}

export interface RoundInput {
  readonly round: number;
  readonly seed: number;
  readonly runId: string;
  readonly random: Random;
  readonly phoenix: Phoenix;
  readonly api: ProductApi;
  readonly members: readonly Member[];
}

export interface RoundRow {
  readonly round: number;
  readonly seed: number;
  readonly kills: number;
  readonly stock: number;
  /** Units that members who did not give up wanted. */
  readonly demand: number;
  readonly sold: number;
  readonly left: number;
  readonly cancelled: number;
  readonly gaveUp: number;
  readonly retries: number;
  /** From the last restart until nothing was in flight. */
  readonly quietMs: number;
  readonly tookMs: number;
  readonly breaches: readonly string[];
}

export const PRICE_POINTS = 10;
const SKUS = 4;
const OPENS_AFTER_MS = 500;
/** Most taps fall into the rush after the opening, the rest into the calm after it. */
const RUSH_MS = 60;
const LOAD_MS = 1_500;
const HOUR_MS = 3_600_000;
const QUANTITY_MAX = 2;
const LIMIT_PER_MEMBER = 20;
const QUIET_WITHIN_MS = 10_000;
const ANSWER_WITHIN_MS = 30_000;

export async function runRound(input: RoundInput): Promise<RoundRow> {
  const { round, seed, api, phoenix, random } = input;
  const startedMs = performance.now();
  const stock = random.chance(0.5) ? random.between(5, 60) : random.between(60, 280);
  const sale = await openSale(input, stock);
  const shop = shopOf(input, sale);
  const clients = input.members.map(
    (member) => new CrashClient(planOf(member, random), shop, sale.epoch),
  );
  const killsBefore = phoenix.kills;
  const [lastRiseMs] = await Promise.all([
    killAtRandom(input, sale.saleId, random.fork()),
    runStaff(api, sale.saleId, random.fork()),
    ...clients.map((client) => client.run()),
  ]);
  const restMs = QUIET_WITHIN_MS - (performance.now() - lastRiseMs);
  const { isQuiet, rows } = await untilQuiet(api, restMs);
  const quietMs = performance.now() - lastRiseMs;
  const breaches = checkAudit(rows, isQuiet, "10 s after the last restart");
  breaches.push(...(await finish(input, clients, sale.saleId)));
  if (shop.faults.length > 0)
    breaches.push(`no fault answers: ${shop.faults.length}, the first: ${shop.faults[0]}`);
  const truth = await readTruth(api, clients, sale.saleId);
  breaches.push(...checkOrders(truth), ...checkUnits(truth));
  await api.command(sale.saleId, "close");
  const willing = clients.filter(
    (client) => client.state === "willing" || client.state === "served",
  );
  return {
    round,
    seed,
    kills: phoenix.kills - killsBefore,
    stock: truth.sale.units,
    demand: willing.reduce((units, client) => units + client.plan.quantity, 0),
    sold: truth.liveUnits,
    left: truth.sale.remaining,
    cancelled: truth.cancelledUnits,
    gaveUp: clients.filter((client) => client.state === "gone").length,
    retries: clients.reduce((sum, client) => sum + client.retries, 0),
    quietMs,
    tookMs: performance.now() - startedMs,
    breaches,
  };
}

async function openSale(input: RoundInput, stock: number): Promise<SaleView> {
  const { api, round } = input;
  const skuId = `crash-${round % SKUS}`;
  await api.createSku(skuId, `Crash ${round % SKUS}`);
  const opensAtMs = Date.now() + OPENS_AFTER_MS;
  return api.createSale({
    skuId,
    title: `Crash round ${round}`,
    pricePoints: PRICE_POINTS,
    units: stock,
    limitPerMember: LIMIT_PER_MEMBER,
    quantityMax: QUANTITY_MAX,
    opensAtMs,
    closesAtMs: opensAtMs + HOUR_MS,
  });
}

function shopOf(input: RoundInput, sale: SaleView): Shop {
  const { api, runId, round } = input;
  return {
    http: api.http,
    origin: `http://${api.http.host}`,
    saleId: sale.saleId,
    opensAtMs: sale.opensAtMs,
    idPrefix: `crash-${runId}-r${round}`,
    deadlineMs: Date.now() + ANSWER_WITHIN_MS,
    faults: [],
  };
}

function planOf(member: Member, random: Random): ClientPlan {
  const kind = random.chance(0.5) ? "door" : "http";
  return {
    member,
    kind,
    quantity: random.chance(0.3) ? 2 : 1,
    abandons: random.chance(0.5),
    cancels: random.chance(0.12),
    forgoes: kind === "door" && random.chance(0.06),
    tapsAfterMs: tapsAfterMs(kind, random),
    random: random.fork(),
  };
}

function tapsAfterMs(kind: ClientPlan["kind"], random: Random): number {
  if (kind === "door") return random.between(0, RUSH_MS);
  const isRush = random.chance(0.8);
  return isRush
    ? OPENS_AFTER_MS + random.between(-50, RUSH_MS)
    : random.between(OPENS_AFTER_MS, LOAD_MS);
}

/** Kills one to three times; answers when the product last came back. */
async function killAtRandom(input: RoundInput, saleId: string, random: Random): Promise<number> {
  const { phoenix, api } = input;
  const kills = random.between(1, 3);
  let lastRiseMs = performance.now();
  for (let kill = 0; kill < kills; kill += 1) {
    await sleep(kill === 0 ? firstKillMs(random) : random.between(5, 500));
    await phoenix.killAndRise();
    lastRiseMs = performance.now();
    // An epoch raised before the survivors ask again: what was granted before the kill must still be granted.
    if (random.chance(0.5)) await api.restock(saleId, random.between(1, 4)).catch(() => null);
  }
  return lastRiseMs;
}

/** Mostly in the rush; else at any moment from the first ticket on. */
function firstKillMs(random: Random): number {
  const isRush = random.chance(0.7);
  return isRush ? OPENS_AFTER_MS + random.between(-10, 2 * RUSH_MS) : random.between(20, LOAD_MS);
}

/** Restocks and waves while the product dies. One that got no answer happened or did not; the books tell. */
async function runStaff(api: ProductApi, saleId: string, random: Random): Promise<void> {
  const deeds = random.between(0, 3);
  for (let deed = 0; deed < deeds; deed += 1) {
    await sleep(random.between(100, 900));
    const isRestock = random.chance(0.5);
    const units = random.between(1, 12);
    await (isRestock ? api.restock(saleId, units) : api.command(saleId, "wave")).catch(() => null);
  }
}

/** A last wave; then everybody who still wants something tries once more, so that what is left is wanted by nobody. */
async function finish(
  input: RoundInput,
  clients: readonly CrashClient[],
  saleId: string,
): Promise<string[]> {
  const { api } = input;
  const breaches = clients
    .filter((client) => client.state === "late")
    .map(
      (client) => `every survivor gets a definite answer: ${client.plan.member.memberId} did not`,
    );
  const { epoch } = await api.command(saleId, "wave");
  // While units may lie on the shelf again: an old refusal must not turn into a grant.
  breaches.push(...(await checkRefusals(api, saleId, clients)));
  const willing = clients.filter((client) => client.state === "willing");
  for (const client of willing) await client.redeem(epoch);
  const { isQuiet, rows } = await untilQuiet(api, QUIET_WITHIN_MS);
  breaches.push(...checkAudit(rows, isQuiet, "after the last wave"));
  breaches.push(...(await untilDeepQuiet(api)));
  breaches.push(...(await checkPoints(api, input.members)));
  return breaches;
}

/** A ticket given back whose Account died is probed within seconds; until then its take is in flight, not wrong. */
async function untilDeepQuiet(api: ProductApi): Promise<string[]> {
  const deadlineMs = performance.now() + QUIET_WITHIN_MS;
  for (;;) {
    const breaches = checkAudit(await api.deepAudit(), true, "deep");
    if (breaches.length === 0 || performance.now() > deadlineMs) return breaches;
    await sleep(250);
  }
}

async function readTruth(
  api: ProductApi,
  clients: readonly CrashClient[],
  saleId: string,
): Promise<Truth> {
  const wanted = clients.flatMap((client) =>
    client.attempts.map((attempt) => ({ client, attempt })),
  );
  const found = await inParallel(wanted, 32, async ({ client, attempt }) => {
    const { token } = client.plan.member;
    const reply = await api.http.request("GET", `/api/v1/orders/${attempt.orderId}`, { token });
    const state =
      reply.status === 404 ? "none" : String((JSON.parse(reply.body) as { state?: string }).state);
    return { client, attempt, state };
  });
  const units = (state: string): number =>
    found
      .filter((one) => one.state === state)
      .reduce((sum, { attempt }) => sum + attempt.quantity, 0);
  return {
    sale: await api.sale(saleId),
    found,
    liveUnits: units("to_ship"),
    cancelledUnits: units("cancelled"),
  };
}
