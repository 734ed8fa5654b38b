/** One round: a fresh sale, a crowd, deaths as its seed plans them, and then the truth. */
import { inParallel, sleep, type Member, type ProductApi, type SaleView } from "../load/api.ts";
import type { Random } from "../load/random.ts";
import {
  checkAudit,
  checkOrders,
  checkPoints,
  checkRefusals,
  checkUnits,
  type Truth,
} from "./checks.ts";
import { CrashClient, type Attempt, type ClientPlan, type Shop } from "./client.ts";
import { runDeaths } from "./deaths.ts";
import { untilHealed } from "./heal.ts";
import type { Phoenix } from "./phoenix.ts";
import { planDeaths, type Pace } from "./plan.ts";
import { giveGifts, runStaff, type Gift } from "./staff.ts";

export interface RoundInput {
  readonly round: number;
  readonly seed: number;
  readonly runId: string;
  readonly random: Random;
  readonly phoenix: Phoenix;
  readonly api: ProductApi;
  readonly members: readonly Member[];
  /** Points each member was ever granted; a round adds to it. */
  readonly owned: Map<string, number>;
  readonly pace: Pace;
  /** How long after its last restart, or after the last wave, the product may take to come to rest. */
  readonly patienceMs: number;
  /** The place of every failpoint, or null: what the seed draws. */
  readonly only: string | null;
}

export interface RoundRow {
  readonly round: number;
  readonly seed: number;
  /** SIGKILLs, those in the middle of a restart included. */
  readonly kills: number;
  /** What was done to the product, in order. */
  readonly events: readonly string[];
  readonly fired: readonly string[];
  readonly missed: readonly string[];
  readonly stock: number;
  /** Units that members who did not give up wanted. */
  readonly demand: number;
  readonly sold: number;
  readonly left: number;
  readonly cancelled: number;
  readonly gaveUp: number;
  readonly retries: number;
  /** Definite answers that members were given, each held against the truth. */
  readonly acknowledged: number;
  /** Orders whose member never heard a definite word. */
  readonly inDoubt: number;
  /** Those of them that turned out granted, refused with their points back, and unheard of. */
  readonly recoveredGranted: number;
  readonly recoveredVoid: number;
  readonly neverArrived: number;
  /** From the last restart until no tapped hold waited for its answer. */
  readonly holdsMs: number;
  /** From the last restart until nothing at all was in flight. */
  readonly quietMs: number;
  readonly tookMs: number;
  readonly breaches: readonly string[];
}

export const PRICE_POINTS = 10;
const SKUS = 4;
const HOUR_MS = 3_600_000;
const OUTDATED = 0.1;
const QUANTITY_MAX = 2;
const LIMIT_PER_MEMBER = 20;
const ANSWER_WITHIN_MS = 30_000;

export async function runRound(input: RoundInput): Promise<RoundRow> {
  const { api, phoenix, random, pace } = input;
  const startedMs = performance.now();
  const deaths = planDeaths(input.seed, random.fork(), pace, input.only);
  const spanMs = pace.loadMs * deaths.length;
  const perMember = pace.members / 240;
  const stock = random.chance(0.5)
    ? random.between(5, 60 * perMember)
    : random.between(60 * perMember, 280 * perMember);
  const sale = await openSale(input, Math.floor(stock));
  const { saleId } = sale;
  const shop = shopOf(input, sale);
  const clients = input.members.map((member) => {
    const plan = planOf(member, random, pace, spanMs);
    // A few come with a page from before the sale was scheduled; their first id is refused as stale, with a row.
    const isOutdated = plan.kind === "http" && random.chance(OUTDATED);
    return new CrashClient(plan, shop, sale.epoch - (isOutdated ? 1 : 0));
  });
  const killsBefore = phoenix.kills;
  const [chronicle, gifts] = await Promise.all([
    runDeaths({ phoenix, api, saleId, pace, deaths }).then((lived) => {
      shop.deadlineMs = Date.now() + ANSWER_WITHIN_MS;
      return lived;
    }),
    runStaff({
      api,
      saleId,
      members: input.members,
      random: random.fork(),
      spanMs,
      key: shop.idPrefix,
    }),
    ...clients.map((client) => client.run()),
  ]);
  const healed = await untilHealed(api, chronicle.lastRiseMs, input.patienceMs);
  const breaches = checkAudit(healed.rows, healed.isQuiet, "after the last restart");
  const doubts = clients.flatMap(({ attempts }) =>
    attempts.filter(({ outcome }) => outcome === "unknown"),
  );
  breaches.push(...(await finish(input, clients, saleId, gifts)));
  if (shop.faults.length > 0)
    breaches.push(`no fault answers: ${shop.faults.length}, the first: ${shop.faults[0]}`);
  const truth = await readTruth(api, clients, saleId);
  breaches.push(...checkOrders(truth), ...checkUnits(truth));
  await api.endEarly(saleId);
  return {
    round: input.round,
    seed: input.seed,
    kills: phoenix.kills - killsBefore,
    events: chronicle.events,
    fired: chronicle.fired,
    missed: chronicle.missed,
    ...outcomesOf(truth, clients, new Set(doubts)),
    holdsMs: healed.holdsMs,
    quietMs: healed.quietMs,
    tookMs: performance.now() - startedMs,
    breaches,
  };
}

type Outcomes = Pick<
  RoundRow,
  | "stock"
  | "demand"
  | "sold"
  | "left"
  | "cancelled"
  | "gaveUp"
  | "retries"
  | "acknowledged"
  | "inDoubt"
  | "recoveredGranted"
  | "recoveredVoid"
  | "neverArrived"
>;

function outcomesOf(
  truth: Truth,
  clients: readonly CrashClient[],
  doubts: ReadonlySet<Attempt>,
): Outcomes {
  const willing = clients.filter(({ state }) => state === "willing" || state === "served");
  const doubtful = truth.found.filter(({ attempt }) => doubts.has(attempt));
  const granted = doubtful.filter(({ state }) => state === "to_ship" || state === "cancelled");
  // An unused ticket is no order in doubt: its hold waits for a tap, or for the close.
  const open = doubtful.filter(({ state }) => state === "held" || state === "in_doubt");
  const lost = doubtful.filter(({ state }) => state === "none");
  const told = truth.found.filter(({ attempt }) =>
    ["granted", "refused", "forgone"].includes(attempt.outcome),
  );
  const cancels = told.filter(({ attempt }) => attempt.cancel === "acknowledged");
  return {
    stock: truth.sale.units,
    demand: willing.reduce((units, client) => units + client.plan.quantity, 0),
    sold: truth.liveUnits,
    left: truth.sale.remaining,
    cancelled: truth.cancelledUnits,
    gaveUp: clients.filter((client) => client.state === "gone").length,
    retries: clients.reduce((sum, client) => sum + client.retries, 0),
    acknowledged: told.length + cancels.length,
    inDoubt: doubtful.length - open.length,
    recoveredGranted: granted.length,
    recoveredVoid: doubtful.length - open.length - lost.length - granted.length,
    neverArrived: lost.length,
  };
}

async function openSale(input: RoundInput, stock: number): Promise<SaleView> {
  const { api, round, pace } = input;
  const skuId = `crash-${round % SKUS}`;
  await api.createSku(skuId, `Crash ${round % SKUS}`);
  const opensAtMs = Date.now() + pace.opensAfterMs;
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
    // Until the last death nobody can say how long one waits.
    deadlineMs: Infinity,
    faults: [],
  };
}

function planOf(member: Member, random: Random, pace: Pace, spanMs: number): ClientPlan {
  const kind = random.chance(0.5) ? "door" : "http";
  return {
    member,
    kind,
    quantity: random.chance(0.3) ? 2 : 1,
    abandons: random.chance(0.5),
    cancels: random.chance(0.12),
    forgoes: kind === "door" && random.chance(0.06),
    tapsAfterMs: tapsAfterMs(kind, random, pace, spanMs),
    random: random.fork(),
  };
}

/** The calm after the rush lasts over all the lives of the round. */
function tapsAfterMs(kind: ClientPlan["kind"], random: Random, pace: Pace, spanMs: number): number {
  const { opensAfterMs, rushMs } = pace;
  if (kind === "door") return random.between(0, rushMs);
  const isRush = random.chance(0.8);
  return opensAfterMs + (isRush ? random.between(-50, rushMs) : random.between(0, spanMs));
}

/** A last wave; then everybody who still wants something tries once more, so that what is left is wanted by nobody. */
async function finish(
  input: RoundInput,
  clients: readonly CrashClient[],
  saleId: string,
  gifts: readonly Gift[],
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
  await giveGifts(api, gifts, input.owned);
  const { isQuiet, rows } = await untilHealed(api, performance.now(), input.patienceMs);
  breaches.push(...checkAudit(rows, isQuiet, "after the last wave"));
  breaches.push(...(await untilDeepQuiet(api, input.patienceMs)));
  breaches.push(...(await checkPoints(api, input.members, input.owned)));
  return breaches;
}

/** A ticket given back whose Account died is told to it within seconds; until then its take is in flight, not wrong. */
async function untilDeepQuiet(api: ProductApi, patienceMs: number): Promise<string[]> {
  const deadlineMs = performance.now() + patienceMs;
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
