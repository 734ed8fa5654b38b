/** One rehearsal, step by step: real objects of a programme that exists for it alone, and is taken away afterwards. */
import { bucketOf, rehearsalBuckets, skuKeyOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { accountBuckets, stubOf, type Env } from "../platform/env.ts";
import { latencyAt } from "../redemption/index.ts";
import { buyerAt, pointsOf, type Buyer } from "./rehearsal-crowd.ts";
import { proofsOf, type RehearsalReport } from "./rehearsal-report.ts";
import { Rush, type RushOutcome, type Ticketed } from "./rehearsal-rush.ts";
import type { SessionItem } from "./wire.ts";

export interface RehearsalPlan {
  /** `rehearsal--…`: the programme of this run. */
  readonly programmeId: string;
  readonly title: string;
  readonly item: SessionItem;
  readonly buyers: number;
}

/** Buyers that are served together. */
const CHUNK = 200;
const SETTLED_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;
const QUIET_MS = 500;
/** Time for the tickets before the opening, a piece for each buyer; who is late gets one all the same. */
const LEAD_MS = 1_500;
const LEAD_PER_BUYER_MS = 2;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export class RehearsalRun {
  readonly #env: Env;
  readonly #plan: RehearsalPlan;
  readonly #report: RehearsalReport;
  readonly #skuKey: string;
  #saleId = "";
  #opensAtMs = 0;
  readonly #ticketed: Ticketed[] = [];

  constructor(env: Env, plan: RehearsalPlan, report: RehearsalReport) {
    this.#env = env;
    this.#plan = plan;
    this.#report = report;
    this.#skuKey = skuKeyOf(plan.programmeId, plan.item.skuId);
  }

  /** To the end, whatever it shows; throws only when the run itself could not be done. */
  async run(): Promise<void> {
    try {
      this.#enter("granting", this.#plan.buyers);
      await this.#grant();
      await this.#prepare();
      this.#enter("ticketing", this.#plan.buyers);
      await this.#ticket();
      this.#enter("rushing", this.#ticketed.length);
      const rush = await this.#rush();
      this.#enter("settling", this.#ticketed.length);
      await this.#settled();
      this.#enter("counting", 1);
      await this.#count(rush);
    } finally {
      await this.#clean();
    }
  }

  #enter(phase: RehearsalReport["phase"], of: number): void {
    Object.assign(this.#report, { phase, done: 0, of });
  }

  get #buyers(): Buyer[] {
    const { programmeId, buyers } = this.#plan;
    return Array.from({ length: buyers }, (_, at) => buyerAt(programmeId, at));
  }

  #bucket(memberKey: string): string {
    return bucketOf(memberKey, accountBuckets(this.#env));
  }

  // ---- before the hour

  async #grant(): Promise<void> {
    const { pricePoints, limitPerMember } = this.#plan.item;
    const byBucket = Map.groupBy(this.#buyers, ({ memberKey }) => this.#bucket(memberKey));
    for (const [bucket, buyers] of byBucket) {
      for (let at = 0; at < buyers.length; at += CHUNK) {
        const requests = buyers
          .slice(at, at + CHUNK)
          .map((buyer) => ({
            memberKey: buyer.memberKey,
            points: pointsOf(buyer, pricePoints, limitPerMember),
          }))
          .filter(({ points }) => points > 0)
          .map((grant) => ({ ...grant, ...GRANT }));
        if (requests.length > 0)
          await stubOf(this.#env.ACCOUNT, bucket, this.#env).grantMany(requests);
        this.#report.pointsGranted += requests.reduce((sum, { points }) => sum + points, 0);
        this.#report.done += Math.min(CHUNK, buyers.length - at);
      }
    }
  }

  /** The copy of the sale. Its cash leg is left out, so that no payment is ever begun. */
  async #prepare(): Promise<void> {
    const { item, title, buyers } = this.#plan;
    const sku = stubOf(this.#env.SKU, this.#skuKey, this.#env);
    await sku.create({
      skuKey: this.#skuKey,
      goods: {
        ...{ title, subtitle: "", picture: "/goods/placeholder.svg" },
        ...{ groundColor: "#ffffff", marketPriceFen: null },
      },
      ...{ supply: "on_demand" as const, units: 0, pricePoints: null, priceFen: 0 },
      ...{ limitPerMember: 1, quantityMax: 1 },
    });
    this.#opensAtMs = Date.now() + LEAD_MS + buyers * LEAD_PER_BUYER_MS;
    const { doors } = item;
    const draft = await sku.draft({
      ...{ title, pricePoints: item.pricePoints, priceFen: 0, units: item.units },
      ...{ limitPerMember: 1, dailyLimitPerMember: null, quantityMax: 1, dailyUnits: null },
      ...{ opensAtMs: this.#opensAtMs, closesAtMs: this.#opensAtMs + 3_600_000 },
      ...(doors === null ? {} : { doors }),
    });
    if (!draft) throw new Error("the copy's books are open");
    this.#saleId = draft.terms.saleId;
    const outcome = await sku.command(this.#saleId, { kind: "schedule" });
    if (outcome.kind !== "done") throw new Error(`the copy was not scheduled: ${outcome.kind}`);
  }

  async #ticket(): Promise<void> {
    const buyers = this.#buyers;
    for (let at = 0; at < buyers.length; at += CHUNK) {
      const some = buyers.slice(at, at + CHUNK);
      await Promise.all(some.map((buyer) => this.#ticketOf(buyer)));
      const greedy = some.filter(({ isGreedy, isPoor }) => isGreedy && !isPoor);
      await Promise.all(greedy.map((buyer) => this.#ticketOf(buyer, "more")));
      this.#report.done += some.length;
    }
    this.#report.demand = this.#ticketed.length;
  }

  async #ticketOf(buyer: Buyer, more = ""): Promise<void> {
    const { memberKey } = buyer;
    const orderId = `${buyer.orderId}${more}`;
    const account = stubOf(this.#env.ACCOUNT, this.#bucket(memberKey), this.#env);
    const order = { memberKey, saleId: this.#saleId, orderId, quantity: 1, epoch: 1 };
    const reply = await account.ticket({ ...order, replaces: null });
    if (reply.kind === "ticket") {
      const { points, epoch } = reply;
      this.#ticketed.push({ buyer: { ...buyer, orderId }, points, epoch });
    } else {
      const code = "refusal" in reply ? reply.refusal.code : reply.kind;
      this.#report.refusals[code] = (this.#report.refusals[code] ?? 0) + 1;
    }
  }

  // ---- the hour and after it

  async #rush(): Promise<RushOutcome> {
    const { item } = this.#plan;
    const doors = Math.max(
      1,
      Math.min(item.doors ?? Number(this.#env.DOORS_PER_SALE), LIMITS.doorsMax),
    );
    const plan = { saleId: this.#saleId, opensAtMs: this.#opensAtMs, doors };
    const rush = new Rush(this.#env, { ...plan, tickets: this.#ticketed });
    const watching = setInterval(() => {
      this.#report.done = rush.answered;
    }, LOOK_EVERY_MS);
    try {
      return await rush.run();
    } finally {
      clearInterval(watching);
    }
  }

  async #audits() {
    const names = rehearsalBuckets(this.#plan.programmeId, accountBuckets(this.#env));
    return Promise.all(names.map((name) => stubOf(this.#env.ACCOUNT, name, this.#env).audit()));
  }

  /** Until every hold is posted or void and nothing is on its way. */
  async #settled(): Promise<void> {
    const endsAtMs = Date.now() + SETTLED_WITHIN_MS;
    for (;;) {
      const audits = await this.#audits();
      const sku = await stubOf(this.#env.SKU, this.#skuKey, this.#env).audit();
      const pending = audits.reduce((sum, { pendingHolds }) => sum + pendingHolds, 0);
      this.#report.done = Math.max(0, this.#report.of - pending);
      if (pending === 0 && sku.unsettled === 0) return;
      if (Date.now() > endsAtMs) return;
      await sleep(LOOK_EVERY_MS);
    }
  }

  async #count(rush: RushOutcome): Promise<void> {
    const report = this.#report;
    const audits = await this.#audits();
    const view = await stubOf(this.#env.SKU, this.#skuKey, this.#env).view(this.#saleId);
    if (!view) throw new Error("the copy is there");
    const sum = (of: (one: (typeof audits)[number]) => number): number =>
      audits.reduce((total, one) => total + of(one), 0);
    const { sale } = view;
    for (const [code, count] of Object.entries(rush.refusals))
      report.refusals[code] = (report.refusals[code] ?? 0) + count;
    if (rush.unanswered > 0) report.refusals["unanswered"] = rush.unanswered;
    const latency = [...(rush.tally?.latency ?? [])];
    Object.assign(report, {
      ...{ granted: sale.live, taps: rush.taps, rushMs: rush.rushMs, latency },
      tapsPerSecond: Math.round((rush.taps * 1_000) / rush.rushMs),
      soldOutAfterMs: sale.soldOutAtMs === null ? null : sale.soldOutAtMs - this.#opensAtMs,
      latencyP50Ms: latencyAt(latency, 0.5),
      latencyP99Ms: latencyAt(latency, 0.99),
      pointsActive: sum(({ inLots }) => inLots),
      pointsSpent: sum(({ spent }) => spent),
      pointsHeld: sum(({ held }) => held),
      done: 1,
    } satisfies Partial<RehearsalReport>);
    report.proofs = proofsOf({
      ...{ stock: report.stock, demand: report.demand, toldGranted: rush.granted },
      ...{ live: sale.live, shelf: sale.shelf, pricePoints: this.#plan.item.pricePoints },
      ...{ pointsGranted: report.pointsGranted, pointsActive: report.pointsActive },
      ...{ pointsSpent: report.pointsSpent, pointsHeld: report.pointsHeld },
      contradictions: rush.contradictions + rush.unanswered,
    });
  }

  /** Nothing of it stays. What cannot be reached now is inert: no list, no projection and no member knows of it. */
  async #clean(): Promise<void> {
    const { programmeId } = this.#plan;
    const names = rehearsalBuckets(programmeId, accountBuckets(this.#env));
    // Doors still tell losers of what their Accounts have found out by themselves.
    await sleep(QUIET_MS);
    // An object that is wiped begins anew, so its answer is always an error.
    const gone = (): void => {};
    await Promise.all([
      stubOf(this.#env.SKU, this.#skuKey, this.#env).wipe().catch(gone),
      ...names.map((name) => stubOf(this.#env.ACCOUNT, name, this.#env).wipe().catch(gone)),
    ]);
  }
}

const GRANT = {
  ...{ reason: "rehearsal", actor: "system:rehearsal", source: "manual" as const },
  ...{ expiresAtMs: null, pendingUntilMs: null, idempotencyKey: "rehearsal-grant" },
  ...{ internalNote: "", storeId: null },
};
