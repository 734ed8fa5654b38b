/**
 * The redemption protocol at the Sku, as pure transitions: `(sale, command, now) → outcome`.
 * Law: docs/protocol.md. Nothing here knows storage, time or network.
 */
import { nextProgrammeMidnightMs } from "../kernel/clock.ts";
import { invariant, unreachable } from "../kernel/invariant.ts";
import type { GoodsTerms } from "./goods-terms.ts";
import { LAW, type Law } from "./law.ts";
import { rest, restsAtMsOf } from "./resting.ts";

export type SaleStatus = "draft" | "scheduled" | "open" | "paused" | "closed";

/** What a sale promises; copied into the Sku when it is scheduled, versioned from then on. */
export interface SaleTerms {
  readonly saleId: string;
  readonly skuKey: string;
  readonly kind: "flash" | "standing";
  readonly title: string;
  readonly subtitle: string;
  readonly picture: string;
  readonly groundColor: string;
  readonly pricePoints: number;
  readonly priceFen: number;
  readonly marketPriceFen: number | null;
  /** Units of pending holds and live orders a member may have in this sale. */
  readonly limitPerMember: number;
  readonly dailyLimitPerMember: number | null;
  /** Largest quantity of one order; fixed for the sale, because the epoch rule compares with it. */
  readonly quantityMax: number;
  /** Units released each programme day from the reserve; null: everything lies on the shelf at once. */
  readonly dailyUnits: number | null;
  readonly opensAtMs: number;
  readonly closesAtMs: number;
  readonly waveIntervalMs: number;
  readonly zoneOffsetMs: number;
  /** Absent in sales of SKUs that the catalogue knows no goods of. */
  readonly goods?: GoodsTerms;
  /** Absent: as many as the deployment is set to. */
  readonly doors?: number;
  readonly version: number;
  /** How long a granted order may wait for its cash; null or absent: the cash is due on delivery. */
  readonly payWithinMs?: number | null;
  /** From then on a standing sale rests, whatever it is told; absent: never. */
  readonly restsAtMs?: number;
}

/** One sale of one SKU: the authority for its units, its epoch and its status. */
export interface Sale {
  readonly terms: SaleTerms;
  readonly status: SaleStatus;
  /** Raised whenever units may return to where somebody was refused. Never falls. */
  readonly epoch: number;
  readonly shelf: number;
  /** Cancelled units that wait for the next wave. */
  readonly returned: number;
  /** Units of later days, outside the shelf. */
  readonly reserve: number;
  /** Units of live takes. */
  readonly live: number;
  /** Units ever given to this sale: its stock and every restock. */
  readonly stocked: number;
  /** Units that left for another sale of the SKU after the close. */
  readonly movedOut: number;
  /** Grants ever made; numbers them. */
  readonly granted: number;
  readonly firstGrantAtMs: number | null;
  readonly soldOutAtMs: number | null;
  readonly closedAtMs: number | null;
  readonly nextWaveAtMs: number | null;
  readonly nextReleaseAtMs: number | null;
  readonly version: number;
}

export type TakeState = "granted" | "cancelled" | "forgone";

/** The Sku's only memory of an order: written once, later only cancelled. */
export interface Take {
  readonly state: TakeState;
  readonly epoch: number;
  readonly quantity: number;
  /** 1 for the first grant of the sale; 0 for a forgone id. */
  readonly ordinal: number;
  /** Units left on the shelf after this grant. */
  readonly remaining: number;
  readonly atMs: number;
}

export interface TakeCommand {
  readonly epoch: number;
  readonly quantity: number;
  /** Asking is not taking: a probe never grants. */
  readonly probe: boolean;
}

export type TakeAnswer =
  | {
      readonly kind: "granted";
      readonly epoch: number;
      readonly quantity: number;
      readonly ordinal: number;
      readonly remaining: number;
      readonly atMs: number;
    }
  | { readonly kind: "forgone" }
  | { readonly kind: "ahead"; readonly epoch: number }
  | { readonly kind: "closed"; readonly stamp: number; readonly closedAtMs: number }
  | { readonly kind: "stale"; readonly stamp: number; readonly epoch: number }
  | { readonly kind: "not_open"; readonly opensInMs: number; readonly paused: boolean }
  | { readonly kind: "sold_out"; readonly stamp: number; readonly remaining: number }
  | { readonly kind: "undecided" };

export interface TakeOutcome {
  readonly answer: TakeAnswer;
  /** Present only for a fresh grant: the sale after it and the row to write, in one commit. */
  readonly grant?: { readonly sale: Sale; readonly take: Take };
}

/** Asserts I1 and the signs of every counter. Called before each write and after each read. */
export function assertSale(sale: Sale): void {
  const { shelf, returned, reserve, live, movedOut, stocked } = sale;
  invariant(
    shelf >= 0 && returned >= 0 && reserve >= 0 && live >= 0 && movedOut >= 0,
    "I1 units are never negative",
    { shelf, returned, reserve, live, movedOut },
  );
  invariant(
    shelf + returned + reserve + live + movedOut === stocked,
    "I1 shelf + returned + reserve + live + moved = stock + restocks",
    { shelf, returned, reserve, live, movedOut, stocked },
  );
}

/** The take: order of checks by the table in docs/protocol.md, line by line. */
export function decideTake(
  sale: Sale,
  known: Take | undefined,
  command: TakeCommand,
  nowMs: number,
  law: Law = LAW,
): TakeOutcome {
  const stamp = command.epoch;
  const knownAnswer = known && law.idempotentTake ? answerOfKnown(known) : undefined;
  if (knownAnswer && law.knownIdFirst) return { answer: knownAnswer };
  const isAhead = stamp > sale.epoch;
  if (isAhead && law.aheadBeforeClosed) return { answer: { kind: "ahead", epoch: sale.epoch } };
  if (sale.status === "closed") {
    return { answer: { kind: "closed", stamp, closedAtMs: sale.closedAtMs ?? nowMs } };
  }
  if (stamp < sale.epoch && law.epochCheck) {
    return { answer: { kind: "stale", stamp, epoch: sale.epoch } };
  }
  if (isAhead) return { answer: { kind: "ahead", epoch: sale.epoch } };
  if (knownAnswer) return { answer: knownAnswer };
  if (sale.status !== "open") {
    const opensInMs = Math.max(0, sale.terms.opensAtMs - nowMs);
    return { answer: { kind: "not_open", opensInMs, paused: sale.status === "paused" } };
  }
  if (sale.shelf < command.quantity) {
    return { answer: { kind: "sold_out", stamp, remaining: sale.shelf } };
  }
  if (command.probe) return { answer: { kind: "undecided" } };
  return grant(sale, command, nowMs, law);
}

/** What an id that has its outcome is told, every time. */
export function answerOfKnown(known: Take): TakeAnswer {
  if (known.state === "forgone") return { kind: "forgone" };
  const { epoch, quantity, ordinal, remaining, atMs } = known;
  return { kind: "granted", epoch, quantity, ordinal, remaining, atMs };
}

function grant(sale: Sale, command: TakeCommand, nowMs: number, law: Law): TakeOutcome {
  const shelf = sale.shelf - command.quantity;
  const take: Take = {
    state: "granted",
    epoch: command.epoch,
    quantity: command.quantity,
    ordinal: sale.granted + 1,
    remaining: shelf,
    atMs: nowMs,
  };
  const next: Sale = {
    ...sale,
    shelf,
    live: sale.live + command.quantity,
    granted: take.ordinal,
    firstGrantAtMs: sale.firstGrantAtMs ?? nowMs,
    soldOutAtMs: shelf === 0 ? nowMs : sale.soldOutAtMs,
    version: sale.version + 1,
  };
  if (law.epochCheck) invariant(command.epoch === sale.epoch, "I8 a grant has the current epoch");
  return { answer: answerOfKnown(take), grant: { sale: next, take } };
}

/** Gives an unused ticket back. A known id keeps its outcome; an unknown one becomes `forgone` for ever. */
export function decideForgo(
  known: Take | undefined,
  epoch: number,
  quantity: number,
  nowMs: number,
): { readonly answer: TakeAnswer; readonly take?: Take } {
  if (known) return { answer: answerOfKnown(known) };
  const take: Take = { state: "forgone", epoch, quantity, ordinal: 0, remaining: 0, atMs: nowMs };
  return { answer: { kind: "forgone" }, take };
}

/** The member's cancel arrives: the unit waits in `returned` for a wave. Idempotent. */
export function cancelTake(
  sale: Sale,
  known: Take | undefined,
  nowMs: number,
  law: Law = LAW,
): { readonly sale: Sale; readonly take: Take } | "already" {
  invariant(known && known.state !== "forgone", "I1 a cancel names a take that was granted");
  if (known.state === "cancelled" && law.cancelOnceAtSku) return "already";
  const returnsToShelf = !law.cancelToReturned;
  const next: Sale = {
    ...sale,
    live: sale.live - known.quantity,
    shelf: sale.shelf + (returnsToShelf ? known.quantity : 0),
    returned: sale.returned + (returnsToShelf ? 0 : known.quantity),
    nextWaveAtMs:
      sale.status === "closed" ? null : (sale.nextWaveAtMs ?? nowMs + sale.terms.waveIntervalMs),
    version: sale.version + 1,
  };
  return { sale: next, take: { ...known, state: "cancelled" } };
}

/** Within an epoch units only fall, so units are put back only under a new epoch where anybody may have been refused. */
function raiseIfRefusable(sale: Sale, raise: boolean, law: Law): Sale {
  const isPausedLive = sale.status === "paused" && law.pausedMayHaveRefused;
  const hasOpened = sale.status === "open" || isPausedLive;
  const largestOrder = law.raiseComparesQuantityMax ? sale.terms.quantityMax : 1;
  if (!raise || !hasOpened || sale.shelf >= largestOrder) return sale;
  return { ...sale, epoch: sale.epoch + 1 };
}

/** 返场: everything that was returned goes back on the shelf at once. */
export function wave(sale: Sale, law: Law = LAW): Sale {
  if (sale.returned === 0 || sale.status === "closed") return sale;
  const raised = raiseIfRefusable(sale, law.waveRaisesEpoch, law);
  return {
    ...raised,
    shelf: raised.shelf + raised.returned,
    returned: 0,
    nextWaveAtMs: null,
    version: raised.version + 1,
  };
}

/** Fresh units for the shelf. */
export function restock(sale: Sale, units: number, law: Law = LAW): Sale {
  invariant(Number.isInteger(units) && units > 0, "a restock brings units");
  invariant(sale.status !== "closed", "a closed sale takes no units");
  const raised = raiseIfRefusable(sale, law.restockRaisesEpoch, law);
  return {
    ...raised,
    shelf: raised.shelf + units,
    stocked: raised.stocked + units,
    version: raised.version + 1,
  };
}

/** Moves one programme day's units from the reserve to the shelf: a restock with the epoch rule. */
function releaseDailyUnits(sale: Sale, nowMs: number, law: Law): Sale {
  const perDay = sale.terms.dailyUnits ?? 0;
  const units = Math.min(perDay, sale.reserve);
  const nextReleaseAtMs =
    sale.reserve > units ? nextProgrammeMidnightMs(nowMs, sale.terms.zoneOffsetMs) : null;
  const raised = units > 0 ? raiseIfRefusable(sale, law.restockRaisesEpoch, law) : sale;
  return {
    ...raised,
    shelf: raised.shelf + units,
    reserve: raised.reserve - units,
    nextReleaseAtMs,
    version: raised.version + 1,
  };
}

export type SaleCommand =
  | { readonly kind: "schedule" }
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  | { readonly kind: "close" };

/** A change of status is a commit and goes forward only; `conflict` names a change that makes no sense now. */
export function changeStatus(
  sale: Sale,
  command: SaleCommand,
  nowMs: number,
  law: Law = LAW,
): Sale | "conflict" {
  switch (command.kind) {
    case "schedule":
      if (sale.status === "scheduled") return sale;
      return sale.status === "draft"
        ? bump(sale, { status: "scheduled", epoch: sale.epoch + (law.scheduleRaisesEpoch ? 1 : 0) })
        : "conflict";
    case "pause":
      if (sale.status === "paused") return sale;
      return sale.status === "open" ? bump(sale, { status: "paused" }) : "conflict";
    case "resume":
      if (sale.status === "open") return sale;
      return sale.status === "paused" ? bump(sale, { status: "open" }) : "conflict";
    case "close":
      if (sale.status === "closed") return sale;
      return sale.status === "draft" ? "conflict" : close(sale, nowMs, law);
    default:
      return unreachable(command);
  }
}

function bump(sale: Sale, change: Partial<Sale>): Sale {
  return { ...sale, ...change, version: sale.version + 1 };
}

function close(sale: Sale, nowMs: number, law: Law): Sale {
  return bump(sale, {
    status: "closed",
    epoch: sale.epoch + (law.closeRaisesEpoch ? 1 : 0),
    closedAtMs: nowMs,
    nextWaveAtMs: null,
    nextReleaseAtMs: null,
  });
}

/** What the clock triggers, each a forward step: open, daily units, wave, close. Called before every decision. */
export function advance(sale: Sale, nowMs: number, law: Law = LAW): Sale {
  let next = sale;
  if (next.status === "scheduled" && nowMs >= next.terms.opensAtMs) {
    const midnightMs = nextProgrammeMidnightMs(nowMs, next.terms.zoneOffsetMs);
    next = bump(next, { status: "open", nextReleaseAtMs: next.reserve > 0 ? midnightMs : null });
  }
  const hasOpened = next.status === "open" || next.status === "paused";
  if (hasOpened && nowMs >= next.terms.closesAtMs) return close(next, nowMs, law);
  if (hasOpened && next.nextReleaseAtMs !== null && nowMs >= next.nextReleaseAtMs) {
    next = releaseDailyUnits(next, nowMs, law);
  }
  if (nowMs >= restsAtMsOf(next)) next = rest(next);
  if (next.status === "open" && next.nextWaveAtMs !== null && nowMs >= next.nextWaveAtMs) {
    next = wave(next, law);
  }
  return next;
}

/** When the clock has something to do for this sale, or null. */
export function nextDueAtMs(sale: Sale): number | null {
  if (sale.status === "scheduled") return sale.terms.opensAtMs;
  if (sale.status !== "open" && sale.status !== "paused") return null;
  const moments = [sale.terms.closesAtMs];
  if (sale.status === "open") moments.push(restsAtMsOf(sale));
  if (sale.nextReleaseAtMs !== null) moments.push(sale.nextReleaseAtMs);
  if (sale.nextWaveAtMs !== null && sale.status === "open") moments.push(sale.nextWaveAtMs);
  return Math.min(...moments);
}

/** After the close what is left, and what still returns, leaves for the standing shelf. */
export function moveOut(sale: Sale): { readonly sale: Sale; readonly units: number } {
  invariant(sale.status === "closed", "units leave only a closed sale");
  const units = sale.shelf + sale.returned + sale.reserve;
  if (units === 0) return { sale, units };
  return {
    sale: bump(sale, { shelf: 0, returned: 0, reserve: 0, movedOut: sale.movedOut + units }),
    units,
  };
}

/** Gives units of the standing shelf to another sale of the same SKU. */
export function allocate(standing: Sale, units: number): Sale | "insufficient" {
  if (standing.shelf < units) return "insufficient";
  return bump(standing, { shelf: standing.shelf - units, movedOut: standing.movedOut + units });
}

/** A new sale on paper. Units beyond the first day's go to the reserve when there is a daily figure. */
export function draftSale(terms: SaleTerms, units: number): Sale {
  const shelf = terms.dailyUnits === null ? units : Math.min(units, terms.dailyUnits);
  return {
    terms,
    status: "draft",
    epoch: 0,
    shelf,
    returned: 0,
    reserve: units - shelf,
    live: 0,
    stocked: units,
    movedOut: 0,
    granted: 0,
    firstGrantAtMs: null,
    soldOutAtMs: null,
    closedAtMs: null,
    nextWaveAtMs: null,
    nextReleaseAtMs: null,
    version: 1,
  };
}

export function isSoldOut(sale: Sale): boolean {
  return sale.status === "open" && sale.shelf === 0;
}
