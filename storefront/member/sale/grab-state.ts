import type { SaleView } from "../../../worker/redemption/wire.ts";

/**
 * The one button of the sale page as a pure function: what it says, what a tap does, and whether it waits.
 * Nothing here knows of the DOM, of sockets or of language; the controller acts, the locale speaks.
 */
export type GrabStateName =
  | "loading"
  | "login"
  | "bookable"
  | "booking"
  | "booked"
  | "arming"
  | "open"
  | "sending"
  | "queued"
  | "in_doubt"
  | "granted"
  | "sold_out"
  | "wave"
  | "points_insufficient"
  | "limit_reached"
  | "not_eligible"
  | "closed"
  | "paused";

/** act = brand; busy = brand, pressed; wait = ink; ok = yours; line = another way on; off = nothing yet. */
export type GrabTone = "act" | "busy" | "wait" | "ok" | "line" | "off";
export type GrabAction =
  | "none"
  | "login"
  | "book"
  | "grab"
  | "redeem"
  | "order"
  | "orders"
  | "points"
  | "home";

export type GrabLabel =
  | { key: "loading" }
  | { key: "login" }
  | { key: "book"; points: number }
  | { key: "rebook" }
  | { key: "booking" }
  | { key: "exchanging" }
  | { key: "forgoing" }
  | { key: "booked" }
  | { key: "ready" }
  | { key: "grab" }
  | { key: "redeem" }
  | { key: "sending" }
  | { key: "queued" }
  | { key: "inDoubt" }
  | { key: "seeOrder" }
  | { key: "pay"; fen: number }
  | { key: "seeOrders" }
  | { key: "seeGoods" }
  | { key: "waitWave" }
  | { key: "points" }
  | { key: "paused" };

export type GrabSub =
  | { key: "loading" }
  | { key: "price"; points: number; cashFen: number }
  | { key: "opensAt"; opensAtMs: number; nowMs: number }
  | { key: "becomesGrab"; atMs: number; nowMs: number }
  | { key: "inSeconds"; seconds: number }
  | { key: "keepPage" }
  | { key: "about"; seconds: number }
  | { key: "waited"; seconds: number }
  | { key: "asking"; times: number }
  | { key: "posted"; points: number; cashFen: number }
  | { key: "payBy"; atMs: number | null }
  | { key: "mayReturn" }
  | { key: "shortOf"; gap: number | null }
  | { key: "limit"; used: number; limit: number }
  | { key: "rule"; rule: unknown }
  | { key: "over" }
  | { key: "resumes" }
  | { key: "loginFirst" };

export interface GrabInput {
  clock: { nowMs: number };
  sale: SaleView | null;
  me: { active: number; limitUsed: number } | null;
  /** The held hold of this member in this sale. */
  ticket: { points: number } | null;
  attempt: {
    kind: "book" | "exchange" | "forgo" | "redeem";
    startedAtMs: number;
    /** The server itself answered "pending". */
    inDoubt: boolean;
    asks: number;
    /** How long the server asked us to wait, when it did. */
    waitMs: number | null;
  } | null;
  verdict:
    | { kind: "granted"; points: number; due: { fen: number; byMs: number | null } | null }
    | {
        kind: "refused";
        code: string;
        epoch: number;
        gap: number | null;
        limit: number | null;
        used: number | null;
        /** Of `not_eligible`: the word for what keeps them out. */
        rule: unknown;
      }
    | null;
  connection: { live: boolean };
}

export interface GrabState {
  state: GrabStateName;
  tone: GrabTone;
  label: GrabLabel;
  sub: GrabSub;
  ariaDisabled: boolean;
  busy: boolean;
  action: GrabAction;
}

export const ARMING_MS = 3_000;
export const QUEUED_AFTER_MS = 400;
export const IN_DOUBT_AFTER_MS = 3_000;

function waiting(state: GrabStateName, label: GrabLabel, sub: GrabSub): GrabState {
  return { state, tone: "wait", label, sub, ariaDisabled: true, busy: false, action: "none" };
}

function working(state: GrabStateName, tone: GrabTone, label: GrabLabel, sub: GrabSub): GrabState {
  return { state, tone, label, sub, ariaDisabled: true, busy: true, action: "none" };
}

function way(
  state: GrabStateName,
  tone: GrabTone,
  label: GrabLabel,
  sub: GrabSub,
  action: GrabAction,
): GrabState {
  return { state, tone, label, sub, ariaDisabled: false, busy: false, action };
}

function attemptState(
  attempt: NonNullable<GrabInput["attempt"]>,
  sale: SaleView,
  nowMs: number,
): GrabState {
  if (attempt.kind !== "redeem") {
    const key =
      attempt.kind === "book" ? "booking" : attempt.kind === "exchange" ? "exchanging" : "forgoing";
    const sub: GrabSub =
      attempt.waitMs === null
        ? { key: "keepPage" }
        : { key: "about", seconds: Math.ceil(attempt.waitMs / 1000) };
    return working("booking", attempt.kind === "book" ? "busy" : "wait", { key }, sub);
  }
  const elapsedMs = nowMs - attempt.startedAtMs;
  if (attempt.waitMs !== null) {
    return working(
      "queued",
      "busy",
      { key: "queued" },
      { key: "about", seconds: Math.ceil(attempt.waitMs / 1000) },
    );
  }
  if (attempt.inDoubt || elapsedMs >= IN_DOUBT_AFTER_MS) {
    return working("in_doubt", "wait", { key: "inDoubt" }, { key: "asking", times: attempt.asks });
  }
  if (elapsedMs >= QUEUED_AFTER_MS) {
    return working(
      "queued",
      "busy",
      { key: "queued" },
      { key: "waited", seconds: Math.floor(elapsedMs / 1000) },
    );
  }
  return working(
    "sending",
    "busy",
    { key: "sending" },
    { key: "price", points: sale.pricePoints, cashFen: sale.priceFen },
  );
}

/** Refusals that concern this member, and stay true whatever the shelf does. */
function memberState(input: GrabInput, sale: SaleView): GrabState | null {
  const { verdict, me, ticket } = input;
  const code = verdict?.kind === "refused" ? verdict.code : null;
  if (verdict?.kind === "refused" && verdict.code === "not_eligible")
    return way(
      "not_eligible",
      "line",
      { key: "seeGoods" },
      { key: "rule", rule: verdict.rule },
      "home",
    );
  // One who lost had a place and the points: both are on their way back, so neither figure counts against them yet.
  if (ticket !== null || me === null || hasLost(input, sale)) return null;
  if (code === "limit_reached" || me.limitUsed >= sale.limitPerMember) {
    const figures = verdict?.kind === "refused" && code === "limit_reached" ? verdict : null;
    const limit = figures?.limit ?? sale.limitPerMember;
    const used = figures?.used ?? me.limitUsed;
    return way(
      "limit_reached",
      "line",
      { key: "seeOrders" },
      { key: "limit", used, limit },
      "orders",
    );
  }
  return null;
}

function pointsState(input: GrabInput, sale: SaleView): GrabState | null {
  const { verdict, me, ticket } = input;
  const code = verdict?.kind === "refused" ? verdict.code : null;
  if (ticket !== null || me === null) return null;
  const gap = sale.pricePoints - me.active;
  // The balance may have been read before a hold elsewhere: the server's word counts even when ours looks enough.
  if (code === "points_insufficient" || gap > 0) {
    const short = (verdict?.kind === "refused" ? verdict.gap : null) ?? (gap > 0 ? gap : null);
    return way(
      "points_insufficient",
      "line",
      { key: "points" },
      { key: "shortOf", gap: short },
      "points",
    );
  }
  return null;
}

function hasLost({ verdict }: GrabInput, sale: SaleView): boolean {
  return verdict?.kind === "refused" && verdict.code === "sold_out" && verdict.epoch >= sale.epoch;
}

function shelfState(input: GrabInput, sale: SaleView): GrabState | null {
  // Before a raised epoch opens, its units lie on the shelf and the hour is ahead: that is waiting, not sold out.
  if (!hasLost(input, sale) && !sale.soldOut) return null;
  if (sale.returned > 0 && sale.nextWaveAtMs !== null) {
    const { nowMs } = input.clock;
    return waiting(
      "wave",
      { key: "waitWave" },
      { key: "becomesGrab", atMs: sale.nextWaveAtMs, nowMs },
    );
  }
  return way("sold_out", "line", { key: "seeGoods" }, { key: "mayReturn" }, "home");
}

function hourState(input: GrabInput, sale: SaleView): GrabState {
  const { nowMs } = input.clock;
  const price: GrabSub = { key: "price", points: sale.pricePoints, cashFen: sale.priceFen };
  if (sale.kind === "standing") return way("open", "act", { key: "redeem" }, price, "redeem");
  const toOpenMs = sale.opensAtMs - nowMs;
  const unrenewed = input.verdict?.kind === "refused" && input.verdict.code === "stale";
  if (input.ticket === null) {
    if (unrenewed) return way("bookable", "act", { key: "rebook" }, price, "book");
    if (toOpenMs > 0) {
      const sub: GrabSub = { key: "opensAt", opensAtMs: sale.opensAtMs, nowMs };
      return way("bookable", "act", { key: "book", points: sale.pricePoints }, sub, "book");
    }
    return way("open", "act", { key: "grab" }, price, "redeem");
  }
  if (toOpenMs > ARMING_MS) {
    return waiting(
      "booked",
      { key: "booked" },
      { key: "becomesGrab", atMs: sale.opensAtMs, nowMs },
    );
  }
  if (toOpenMs > 0) {
    return waiting(
      "arming",
      { key: "ready" },
      { key: "inSeconds", seconds: Math.ceil(toOpenMs / 1000) },
    );
  }
  // Without the door the same order id goes by HTTP: slower, never closed.
  return way("open", "act", { key: "grab" }, price, input.connection.live ? "grab" : "redeem");
}

export function grabState(input: GrabInput): GrabState {
  const { sale, attempt, verdict, me } = input;
  const { nowMs } = input.clock;
  if (sale === null) {
    return {
      state: "loading",
      tone: "off",
      label: { key: "loading" },
      sub: { key: "loading" },
      ariaDisabled: true,
      busy: true,
      action: "none",
    };
  }
  if (verdict?.kind === "granted") {
    const { points, due } = verdict;
    if (due !== null)
      return way(
        "granted",
        "ok",
        { key: "pay", fen: due.fen },
        { key: "payBy", atMs: due.byMs },
        "order",
      );
    const cashFen = sale.payWithinMs === null ? sale.priceFen : 0;
    const sub: GrabSub = { key: "posted", points, cashFen };
    return way("granted", "ok", { key: "seeOrder" }, sub, "order");
  }
  if (attempt !== null) return attemptState(attempt, sale, nowMs);
  const refusedClosed = verdict?.kind === "refused" && verdict.code === "closed";
  if (sale.status === "closed" || nowMs >= sale.closesAtMs || refusedClosed) {
    return way("closed", "line", { key: "seeGoods" }, { key: "over" }, "home");
  }
  if (me === null) {
    // Signing in for an empty shelf would be a wasted errand; for a wave it is not.
    const shelf = shelfState(input, sale);
    return shelf?.state === "sold_out"
      ? shelf
      : way("login", "act", { key: "login" }, { key: "loginFirst" }, "login");
  }
  if (sale.status === "paused") {
    return waiting("paused", { key: "paused" }, { key: "resumes" });
  }
  return (
    memberState(input, sale) ??
    shelfState(input, sale) ??
    pointsState(input, sale) ??
    hourState(input, sale)
  );
}
