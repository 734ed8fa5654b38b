/** Events and their returns. Runs inside a commit. */
import { completeInvite } from "../../earning/invites/index.ts";
import { PROGRAMME_LIMITS, rulesAt, type GrowthTerms } from "../../earning/programme/index.ts";
import {
  capsFreed,
  reversalOf,
  type EarnEvent,
  type EventKind,
} from "../../earning/rules/index.ts";
import type { Code, Figures } from "../../kernel/refusal.ts";
import { activate, clawBack, type RuleShare } from "../points/index.ts";
import { receivedEvent, type Earner, type EarnerPorts } from "./earner.ts";
import type { EventRecord, ReturnRecord } from "./earning-store.ts";
import type {
  EarnCalls,
  EarnedReply,
  EventCommand,
  Refused,
  ReturnCommand,
  ReturnedReply,
} from "./messages.ts";
import { withEvent, withFacts } from "./profile.ts";

export function refused(code: Code, figures: Figures): Refused {
  return { kind: "refused", refusal: { code, figures } };
}

const NO_PRINTS = { device: [], network: [], payment: [], address: [] };
/** Returns of one event; each is remembered, so that it counts once. */
const RETURNS_MAX = 50;

export function amountOf(event: EarnEvent): number {
  let amountFen = 0;
  for (const line of event.lines) amountFen += line.amountFen;
  return amountFen;
}

function growthOf(terms: GrowthTerms, kind: EventKind, amountFen: number): number {
  if (kind === "registration") return terms.registration;
  if (kind === "check_in") return terms.checkIn;
  if (!terms.perAmount || amountFen === 0) return 0;
  return Math.floor(amountFen / terms.perAmount.perFen) * terms.perAmount.growth;
}

export class EventsDesk {
  readonly #ports: EarnerPorts;

  constructor(ports: EarnerPorts) {
    this.#ports = ports;
  }

  /** Something happened at the merchant's. It earns once, under the rules of its own time. */
  event(earner: Earner, command: EventCommand): EarnedReply | Refused {
    const { facts, prints, actor, ...rest } = command;
    const event: EarnEvent = { ...rest, memberKey: earner.memberKey };
    const known = this.#ports.earning.event(earner.memberKey, event.eventId);
    if (known) return replayed(earner, known, event);
    const { nowMs } = earner;
    if (event.atMs > nowMs) return refused("invalid", { field: "atMs", reason: "in the future" });
    if (event.atMs < nowMs - PROGRAMME_LIMITS.lateMsMax) {
      return refused("invalid", { field: "atMs", reason: "too long ago" });
    }
    earner.profile = withFacts(earner.profile, facts);
    earner.join(event.atMs);
    this.#ports.social.addPrints(earner.memberKey, prints, nowMs);
    const reply = this.earn(earner, event, actor);
    if (reply.kind === "earned") earner.save();
    return reply;
  }

  /** Rules, growth, tasks and an invite that waits: everything one event sets off. */
  earn(earner: Earner, event: EarnEvent, actor: string): EarnedReply | Refused {
    const { earning } = this.#ports;
    const rules = rulesAt(earner.terms, event.atMs);
    const evaluation = earner.evaluate(event, rules);
    if (evaluation.points > earner.room) {
      return refused("invalid", { field: "points", reason: "over_lifetime_maximum" });
    }
    const facts = earner.factsFor(event);
    const prefix = event.kind === "order" ? "earn_order" : `earn_${event.kind}`;
    const keyOf = (at: number): string => `${prefix}:${event.eventId}:${at}`;
    earner.credit(evaluation, event, rules, keyOf, { sourceId: event.eventId, actor });
    const growth = growthOf(earner.terms.growth, event.kind, amountOf(event));
    const record: EventRecord = {
      event,
      facts,
      joinedAtMs: earner.profile.joinedAtMs ?? event.atMs,
      basisFen: amountOf(event),
      shares: evaluation.shares,
      changes: evaluation.changes,
      growth,
      returnedFen: 0,
      reversed: 0,
      growthReversed: 0,
      returns: {},
    };
    earning.saveEvent(record);
    earner.profile = withEvent(earner.profile, event);
    earner.grow(growth);
    earner.advanceTasks(event);
    this.actOfInvite(earner, event);
    const { points, shares, notices } = evaluation;
    return {
      kind: "earned",
      isReplay: false,
      points,
      growth,
      breakdown: earner.named(shares),
      notices,
      balance: earner.balance,
    };
  }

  /** The invited person did what completes the invite: the inviter's Account decides, once. */
  actOfInvite(earner: Earner, event: EarnEvent): void {
    const { social } = this.#ports;
    const invite = social.invite(earner.memberKey);
    const terms = earner.terms.invites;
    if (!invite || !terms) return;
    const nothing = { inviter: NO_PRINTS, invitee: NO_PRINTS, rewardedInPeriod: 0 };
    if (completeInvite(invite, terms, event, nothing).kind === "unmoved") return;
    const { inviterKey, inviteId } = invite;
    const prints = social.prints(earner.memberKey);
    social.addErrand(
      earner.memberKey,
      `invite_act:${inviteId}`,
      { topic: "invite_act", inviterKey, invite, event, prints, isGenuine: null },
      earner.nowMs,
    );
  }

  /** The event is final, as by receipt of the order: what waited for that becomes active. */
  complete(
    earner: Earner,
    { eventId, actor }: EarnCalls["complete"]["input"],
  ): EarnCalls["complete"]["reply"] | Refused {
    const { memberKey, nowMs } = earner;
    const record = this.#ports.earning.event(memberKey, eventId);
    if (!record) return refused("not_found", {});
    const because = {
      orderId: record.event.kind === "order" ? eventId : null,
      sourceId: eventId,
      breakdown: [],
      actor,
      storeId: record.event.storeId,
      customerNote: "received",
      internalNote: "",
      occurredAtMs: nowMs,
    };
    const outcome = this.#ports.points.change(memberKey, nowMs, (wallet, ledger) =>
      activate(wallet, receivedEvent(eventId), because, ledger, nowMs),
    );
    if (outcome.kind === "refused") return outcome;
    const isReplay = outcome.kind === "replayed";
    return { kind: "completed", isReplay, balance: earner.balance };
  }

  // ---- returns

  /** Goods went back: takes the points in proportion, by the programme's policy. */
  return(earner: Earner, command: ReturnCommand): ReturnedReply | Refused {
    const { eventId, returnId, amountFen, actor } = command;
    const record = this.#ports.earning.event(earner.memberKey, eventId);
    if (!record) return refused("not_found", {});
    // The id is the caller's word, and every object has a `constructor`.
    const before = Object.hasOwn(record.returns, returnId) ? record.returns[returnId] : undefined;
    if (before) {
      if (before.amountFen !== amountFen)
        return refused("idempotency_mismatch", { fields: "amountFen" });
      return returnedReply(earner, before, true);
    }
    const left = record.basisFen - record.returnedFen;
    const isOver = record.basisFen === 0 && Object.keys(record.returns).length > 0;
    if ((amountFen !== null && amountFen > left) || isOver) {
      return refused("invalid", { field: "amountFen", reason: "more than is left", left });
    }
    if (Object.keys(record.returns).length >= RETURNS_MAX) {
      return refused("limit_reached", { limit: RETURNS_MAX, used: RETURNS_MAX });
    }
    const returnedFen = record.returnedFen + (amountFen ?? left);
    const { points } = reversalOf(record, returnedFen, record.reversed);
    const taken = points === 0 ? 0 : this.#takeBack(earner, record, command, points, actor);
    const grown = growthLost(record, returnedFen);
    const done: ReturnRecord = { amountFen, asked: points, taken };
    this.#ports.earning.saveEvent({
      ...record,
      returnedFen,
      reversed: record.reversed + points,
      growthReversed: record.growthReversed + grown,
      returns: { ...record.returns, [returnId]: done },
    });
    earner.grow(0 - grown);
    if (returnedFen >= record.basisFen) earner.undoTasks(record.event);
    this.undoInviteOfReturned(earner);
    earner.save();
    return returnedReply(earner, done, false);
  }

  #takeBack(
    earner: Earner,
    record: EventRecord,
    { eventId, returnId }: ReturnCommand,
    points: number,
    actor: string,
  ): number {
    const { memberKey, nowMs, terms } = earner;
    const cause = {
      naturalKey: `return:${eventId}:${returnId}`,
      orderId: record.event.kind === "order" ? eventId : null,
      sourceId: eventId,
      breakdown: [],
      actor,
      storeId: record.event.storeId,
      customerNote: "return",
      internalNote: "",
      occurredAtMs: nowMs,
    };
    const command = { points, policy: terms.clawback, originId: eventId, cause };
    const outcome = this.#ports.points.change(memberKey, nowMs, (wallet, ledger) =>
      clawBack(wallet, command, ledger, nowMs),
    );
    const entry = outcome.kind === "booked" ? outcome.entries.at(-1) : null;
    const taken = entry ? 0 - entry.points : 0;
    // A return frees what it really took.
    const freed = partFromLast(record.shares, record.reversed, taken);
    this.#ports.earning.useCaps(memberKey, capsFreed(record.changes, record.shares, freed));
    return taken;
  }

  /**
   * An invite whose act went back, or so much of it that the rest would not have been the act, rewards nobody. It is looked at
   * when goods come back, and when the decision arrives, which may be later.
   */
  undoInviteOfReturned(earner: Earner): void {
    const { social, earning } = this.#ports;
    const invite = social.invite(earner.memberKey);
    const { actId = null } = invite ?? {};
    if (!invite || actId === null || !["rewarded", "in_review"].includes(invite.state)) return;
    const act = earning.event(earner.memberKey, actId);
    if (!act || Object.keys(act.returns).length === 0) return;
    const keptFen = act.basisFen - act.returnedFen;
    if (keptFen > 0 && keptFen >= (earner.terms.invites?.amountFenMin ?? 0)) return;
    const { inviterKey, inviteId } = invite;
    social.addErrand(
      earner.memberKey,
      `invite_undo:${inviteId}`,
      { topic: "invite_undo", inviterKey, invite, actId },
      earner.nowMs,
    );
  }
}

function growthLost(record: EventRecord, returnedFen: number): number {
  const { growth, basisFen, growthReversed } = record;
  const lost =
    basisFen === 0 ? growth : Number((BigInt(growth) * BigInt(returnedFen)) / BigInt(basisFen));
  return Math.max(0, lost - growthReversed);
}

/** What was given last goes first: the next `points` after the first `skip` of them. */
function partFromLast(
  shares: readonly RuleShare[],
  skip: number,
  points: number,
): readonly RuleShare[] {
  const parts: RuleShare[] = [];
  let passed = skip;
  let left = points;
  for (const share of [...shares].reverse()) {
    const over = Math.min(share.points, passed);
    passed -= over;
    const part = Math.min(share.points - over, left);
    left -= part;
    if (part > 0) parts.push({ ...share, points: part });
  }
  return parts;
}

function replayed(earner: Earner, record: EventRecord, event: EarnEvent): EarnedReply | Refused {
  const fields = (["kind", "name", "atMs", "lines", "storeId", "channel"] as const).filter(
    (field) => JSON.stringify(record.event[field]) !== JSON.stringify(event[field]),
  );
  if (fields.length > 0) return refused("idempotency_mismatch", { fields: fields.join(",") });
  return {
    kind: "earned",
    isReplay: true,
    points: record.shares.reduce((sum, share) => sum + share.points, 0),
    growth: record.growth,
    breakdown: earner.named(record.shares),
    notices: [],
    balance: earner.balance,
  };
}

function returnedReply(earner: Earner, done: ReturnRecord, isReplay: boolean): ReturnedReply {
  const { asked, taken } = done;
  return { kind: "returned", isReplay, asked, taken, balance: earner.balance };
}
