/** Carries what an Account owes other Accounts, and itself, until it is done. Delivered at least once, applied once. */
import { splitMemberKey } from "../../kernel/ids.ts";
import { LIMITS } from "../../kernel/limits.ts";
import type { CommitQueue } from "../../platform/commit-queue.ts";
import { describeError, log } from "../../platform/log.ts";
import { Earner, type EarnerPorts } from "./earner.ts";
import type { EventsDesk } from "./events-desk.ts";
import type {
  ClaimedReply,
  Envelope,
  Errand,
  OwnErrand,
  PeerMessage,
  PeerReply,
} from "./messages.ts";
import { takeBack } from "./peers-desk.ts";
import type { ErrandRow } from "./social-store.ts";

export interface ErrandPorts extends EarnerPorts {
  readonly commits: CommitQueue;
  readonly now: () => number;
  /** Asks the Account that holds `memberKey`, which may be this one. */
  readonly peer: (
    envelope: Envelope,
    message: PeerMessage,
  ) => Promise<PeerReply | { readonly kind: "terms_needed" }>;
}

const RETRY_MS = 2_000;
const RETRY_MS_MAX = 300_000;
const BATCH = 50;
/** Members whose reminders are planned in one commit. */
const PLANNED_PER_STEP = 100;

/** The member whose Account a message goes to. */
export function addressOf(message: PeerMessage): string {
  if (message.topic === "till_code") return message.codeKey;
  return message.topic === "inviter_of" ? message.memberKey : message.inviterKey;
}

export class Errands {
  readonly #ports: ErrandPorts;
  readonly #events: EventsDesk;
  #isRunning = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(ports: ErrandPorts, events: EventsDesk) {
    this.#ports = ports;
    this.#events = events;
  }

  nextAtMs(): number {
    return this.#ports.social.nextErrandAtMs();
  }

  /** Soon after the commit that wrote an errand; the alarm is for when this memory is lost. */
  afterCommit(): void {
    if (!this.#ports.social.hasErrands || this.#isRunning) return;
    if (this.nextAtMs() > this.#ports.now()) return;
    this.#timer ??= setTimeout(() => void this.run(), 0);
  }

  async run(): Promise<void> {
    this.#timer = null;
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      for (let left: number = LIMITS.alarmWorkMax; left > 0; left -= BATCH) {
        const rows = this.#ports.social.errands(this.#ports.now(), BATCH);
        for (const row of rows) await this.one(row);
        if (rows.length < BATCH) break;
      }
    } finally {
      this.#isRunning = false;
    }
  }

  /** Does one errand now, whoever else does it at the same time; false: it has to be tried again. */
  async one(row: ErrandRow): Promise<boolean> {
    try {
      const { errand } = row;
      const reply = isOwn(errand) ? null : await this.ask(row.memberKey, errand);
      await this.#ports.commits.run(() => this.#apply(row, reply));
      return true;
    } catch (error) {
      const { topic } = row.errand;
      log("errand_failed", { topic, tries: row.tries, error: describeError(error) });
      const waitMs = Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** Math.min(row.tries, 10));
      const atMs = this.#ports.now() + waitMs;
      await this.#ports.commits.run(() => this.#ports.social.postponeErrand(row.errandId, atMs));
      return false;
    }
  }

  /** Asks the peer, with the terms when it does not know them. */
  async ask(memberKey: string, message: PeerMessage): Promise<PeerReply> {
    const terms = this.#ports.earning.terms(splitMemberKey(memberKey).programmeId);
    const envelope = { memberKey: addressOf(message), revision: terms?.revision ?? -1 };
    const reply = await this.#ports.peer(envelope, message);
    if (reply.kind !== "terms_needed") return reply;
    if (!terms) throw new Error("an errand without terms");
    const again = await this.#ports.peer({ ...envelope, terms }, message);
    if (again.kind === "terms_needed") throw new Error("terms were not taken");
    return again;
  }

  /** What the answer means here. The errand's row says whether somebody applied it before. */
  #apply(row: ErrandRow, reply: PeerReply | null): void {
    const { social, earning } = this.#ports;
    if (!social.isOpen(row.errandId)) return;
    social.dropErrand(row.errandId);
    const nowMs = this.#ports.now();
    const terms = earning.terms(splitMemberKey(row.memberKey).programmeId);
    if (!terms) return;
    const { errand } = row;
    if (isPlan(errand)) {
      this.#planMany(errand, nowMs);
      return;
    }
    const earner = new Earner(this.#ports, row.memberKey, terms, nowMs);
    if (errand.topic === "own_order") this.#events.event(earner, errand.event);
    else if (errand.topic === "own_return") this.#ownReturn(earner, errand);
    else if (reply) this.#answered(earner, errand, reply);
  }

  #ownReturn(
    earner: Earner,
    { orderId, returnId = "cancel", amountFen }: Extract<Errand, { topic: "own_return" }>,
  ): void {
    const { social, earning } = this.#ports;
    if (!earning.event(earner.memberKey, orderId)) {
      // The order itself waits for another try; its return comes after it.
      if (!social.errand(earner.memberKey, `own_order:${orderId}`)) return;
      throw new Error("the order of this return is not counted yet");
    }
    const command = {
      ...{ eventId: orderId, returnId, actor: "system" },
      amountFen: amountFen ?? null,
    };
    this.#events.return(earner, command);
  }

  #answered(earner: Earner, errand: PeerMessage, reply: PeerReply): void {
    if (errand.topic === "till_code") {
      this.#codeUsed(earner, errand.requestId, errand, reply);
      return;
    }
    if (reply.kind !== "decided") return;
    const { social } = this.#ports;
    social.saveInvite(reply.invite);
    if (errand.topic === "invite_act") this.#events.undoInviteOfReturned(earner);
    const { invitee } = reply.awards;
    if (!invitee) return;
    if (errand.topic === "invite_undo") takeBack(earner, invitee);
    else {
      const version = earner.terms.invites?.version ?? 1;
      earner.pay(invitee, { kind: "invite", ruleId: "invite", version });
      earner.save();
    }
  }

  #codeUsed(
    earner: Earner,
    requestId: string,
    { code }: Extract<PeerMessage, { topic: "till_code" }>,
    reply: PeerReply,
  ): void {
    const { earning } = this.#ports;
    const answer = (what: unknown): void =>
      earning.saveRequest(earner.memberKey, requestId, code.codeId, JSON.stringify(what));
    if (reply.kind === "refused") answer(reply);
    if (reply.kind !== "used") return;
    earner.join(earner.nowMs);
    const award = {
      naturalKey: `till_code:${code.codeId}:${reply.ordinal}`,
      points: reply.points,
      sourceId: code.codeId,
    };
    const note = { kind: "till_code", ruleId: "till-code", version: 1 } as const;
    const points = earner.pay(award, { ...note, storeId: code.storeId, actor: "member" });
    earner.save();
    const { balance } = earner;
    answer({ kind: "claimed", isReplay: false, points, balance } satisfies ClaimedReply);
  }

  /** Reminders or birthdays are new to a programme: its members are planned one batch after the other. */
  #planMany({ topic, programmeId, after }: PlanErrand, nowMs: number): void {
    const { earning, social } = this.#ports;
    const terms = earning.terms(programmeId);
    const keys =
      topic === "plan_reminders"
        ? earning.membersWithDeadlines(programmeId, after, PLANNED_PER_STEP)
        : earning.membersWithBirthdays(programmeId, after, PLANNED_PER_STEP);
    if (!terms) return;
    for (const memberKey of keys) {
      const earner = new Earner(this.#ports, memberKey, terms, nowMs);
      if (topic === "plan_reminders") earner.planReminders();
      else earner.save();
    }
    const last = keys.at(-1);
    if (!last || keys.length < PLANNED_PER_STEP) return;
    social.addErrand(
      `${programmeId}:`,
      `${topic}:${last}`,
      { topic, programmeId, after: last },
      nowMs,
    );
  }
}

type PlanErrand = Extract<Errand, { topic: "plan_reminders" | "plan_birthdays" }>;

function isPlan(errand: Errand): errand is PlanErrand {
  return errand.topic === "plan_reminders" || errand.topic === "plan_birthdays";
}

function isOwn(errand: Errand): errand is OwnErrand {
  return errand.topic === "own_order" || errand.topic === "own_return" || isPlan(errand);
}
