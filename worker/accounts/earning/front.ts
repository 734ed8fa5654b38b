/** Earning of one Account: its stores, its desks, and the commands that reach them. */
import { printsOf, traitsAsked, type Traits } from "../../earning/invites/index.ts";
import { isProgrammeTerms, type ProgrammeTerms } from "../../earning/programme/index.ts";
import { memberKeyOf, splitMemberKey } from "../../kernel/ids.ts";
import { invariant } from "../../kernel/invariant.ts";
import { LIMITS } from "../../kernel/limits.ts";
import type { CommitQueue } from "../../platform/commit-queue.ts";
import type { Notifier } from "../../reminders/index.ts";
import type { MemberPrice } from "../../earning/discounts/index.ts";
import type { SaleTerms } from "../../redemption/index.ts";
import { newTierState, tierView, type TierView } from "../../tiers/index.ts";
import type { Order } from "../orders.ts";
import type { PointsEntry } from "../points/index.ts";
import type { ShareNames } from "../requests.ts";
import type { MemberStanding } from "../rules.ts";
import type { PointsDesk } from "../points-desk.ts";
import type { AccountStore } from "../store.ts";
import { CheckInDesk } from "./check-in-desk.ts";
import { Earner, type EarnerPorts } from "./earner.ts";
import { EarningStore, standingOf } from "./earning-store.ts";
import { Errands, type ErrandPorts } from "./errands.ts";
import { EventsDesk, refused } from "./events-desk.ts";
import { InvitesFront } from "./invites-front.ts";
import type {
  ClaimedReply,
  EarnCalls,
  EarnKind,
  EarnReply,
  Envelope,
  InviteInReview,
  MemberToday,
  PastEventsPage,
  PastEventsRequest,
  PeerMessage,
  PeerReply,
  Refused,
  ReminderLogReply,
  RemindersReply,
  TermsNeeded,
} from "./messages.ts";
import { invitesView } from "./invites-view.ts";
import { addOwnErrand, orderErrand, returnErrand, type ReturnedPart } from "./own-orders.ts";
import { nameOf } from "./names.ts";
import { factsOf, paysBirthdays, type Profile } from "./profile.ts";
import { PeersDesk } from "./peers-desk.ts";
import { priceFor, pricesFor } from "./pricing.ts";
import { PurchasesStore } from "./purchases-store.ts";
import { remindersOf } from "./reminding.ts";
import { RewardsDesk } from "./rewards-desk.ts";
import { SocialStore } from "./social-store.ts";
import { Upkeep } from "./upkeep.ts";

const REMINDERS_LOGGED = 100;

export interface FrontPorts {
  readonly sql: SqlStorage;
  readonly account: AccountStore;
  readonly points: PointsDesk;
  readonly commits: CommitQueue;
  readonly now: () => number;
  readonly notifiers: () => readonly Notifier[];
  readonly peer: ErrandPorts["peer"];
}

/** What gives points to whom asks. Returns and completions go on: they settle what was earned before. */
const EARNING_KINDS: ReadonlySet<EarnKind> = new Set([
  ...(["event", "check_in", "make_up", "claim", "membership", "till_code", "accept"] as const),
]);
const BLOCKED = refused("not_eligible", { rule: "blocked" });

type Call<K extends EarnKind> = Envelope & EarnCalls[K]["input"];

export class EarningFront {
  readonly #ports: FrontPorts & EarnerPorts;
  readonly #events: EventsDesk;
  readonly #checkIn: CheckInDesk;
  readonly #rewards: RewardsDesk;
  readonly #peers: PeersDesk;
  readonly #errands: Errands;
  readonly #invites: InvitesFront;
  readonly #upkeep: Upkeep;

  constructor(ports: FrontPorts) {
    this.#ports = {
      ...ports,
      purchases: new PurchasesStore(ports.sql),
      earning: new EarningStore(ports.sql, (memberKey) => ports.account.merges.touch(memberKey)),
      social: new SocialStore(ports.sql),
      channels: () => ports.notifiers().map(({ channel }) => channel),
    };
    this.#events = new EventsDesk(this.#ports);
    this.#checkIn = new CheckInDesk(this.#events);
    this.#rewards = new RewardsDesk(this.#ports);
    this.#peers = new PeersDesk(this.#ports);
    this.#errands = new Errands(this.#ports, this.#events);
    this.#invites = new InvitesFront({
      ...this.#ports,
      errands: this.#errands,
      decide: (envelope, work) => this.decide(envelope, work),
      onAct: (earner, event) => this.#events.actOfInvite(earner, event),
    });
    this.#upkeep = new Upkeep(this.#ports, this.#events);
  }

  get ports(): EarnerPorts {
    return this.#ports;
  }

  // ---- the object's rhythm

  forget(): void {
    this.#ports.earning.forget();
    this.#ports.social.forget();
  }

  afterCommit(): void {
    this.#errands.afterCommit();
  }

  async sweep(): Promise<void> {
    await this.#errands.run();
    await this.#upkeep.run();
  }

  nextAtMs(): number {
    return Math.min(this.#errands.nextAtMs(), this.#upkeep.nextAtMs());
  }

  standingOf(memberKey: string, nowMs: number): MemberStanding {
    return standingOf(this.#ports.earning, memberKey, nowMs);
  }

  isBlocked(memberKey: string): boolean {
    return this.#ports.earning.isBlocked(memberKey);
  }

  /** What the Account knows of a member beside the wallet. */
  profileOf(memberKey: string): Profile {
    return this.#ports.earning.profile(memberKey);
  }

  /** What rules may ask about a member; where no terms are known there are no tiers. */
  memberToday(memberKey: string, atMs: number): MemberToday {
    const profile = this.profileOf(memberKey);
    const { programmeId } = splitMemberKey(memberKey);
    const terms = this.#ports.earning.terms(programmeId) ?? { tiers: null };
    return { facts: factsOf(profile, terms, atMs), joinedAtMs: profile.joinedAtMs };
  }

  /** What a member came with, told by this object's own errands, where the terms ask for it. Part of a commit. */
  heardOf(memberKey: string, traits: Traits, keyRing: string): void {
    const { programmeId } = splitMemberKey(memberKey);
    const guard = this.#ports.earning.terms(programmeId)?.invites?.guard;
    if (!guard) return;
    const prints = printsOf(keyRing, programmeId, traitsAsked(guard, traits));
    this.#ports.social.addPrints(memberKey, prints, this.#ports.now());
  }

  /** Where a member stands, by the terms that this Account knows; null: no tiers are known. */
  tierOf(memberKey: string, nowMs: number): TierView | null {
    const tiers = this.#ports.earning.terms(splitMemberKey(memberKey).programmeId)?.tiers;
    if (!tiers) return null;
    const { tier, joinedAtMs } = this.profileOf(memberKey);
    return tierView(tier ?? newTierState(tiers, joinedAtMs ?? nowMs), tiers, nowMs);
  }

  // ---- commands

  /** Lets the terms in force decide; the Worker sends them along when this Account does not know them yet. */
  decide<R>(envelope: Envelope, work: (earner: Earner) => R): Promise<R | TermsNeeded> {
    const { memberKey, revision, terms } = envelope;
    const { programmeId } = splitMemberKey(memberKey);
    return this.#ports.commits.run(() => {
      if (terms) this.learn(memberKey, terms);
      const known = this.#ports.earning.terms(programmeId);
      if (!known || known.revision < revision) return { kind: "terms_needed" };
      return work(new Earner(this.#ports, memberKey, known, this.#ports.now()));
    });
  }

  /** Keeps the terms of the member's programme if they are newer. Part of a commit. */
  learn(memberKey: string, terms: ProgrammeTerms): void {
    if (isProgrammeTerms(terms, splitMemberKey(memberKey).programmeId)) this.#learn(terms);
  }

  knows(memberKey: string, revision: number): boolean {
    const known = this.#ports.earning.terms(splitMemberKey(memberKey).programmeId);
    return (known?.revision ?? 0) >= revision;
  }

  #learn(terms: ProgrammeTerms): void {
    const { earning, account, social, now } = this.#ports;
    const { programmeId, revision, refund, clawback } = terms;
    const before = earning.terms(programmeId);
    const hadReminders = JSON.stringify(before?.reminders ?? null);
    const hadBirthdays = before !== null && paysBirthdays(before);
    if (!earning.learn(terms)) return;
    account.terms.learn(programmeId, { version: revision, lapse: refund, clawback });
    const plan = (topic: "plan_reminders" | "plan_birthdays"): void => {
      const errand = { topic, programmeId, after: "" } as const;
      social.addErrand(memberKeyOf(programmeId, ""), `${topic}:${revision}`, errand, now());
    };
    if (terms.reminders && JSON.stringify(terms.reminders) !== hadReminders) plan("plan_reminders");
    // Birthdays that were told before any rule asked for them.
    if (paysBirthdays(terms) && !hadBirthdays) plan("plan_birthdays");
  }

  async call<K extends EarnKind>(kind: K, call: Call<K>): Promise<EarnReply<K>> {
    const reply: unknown = await this.#route(kind, call);
    return reply as EarnReply<K>;
  }

  /** Some commands need another Account's word, which is asked for outside a commit. */
  #route(kind: EarnKind, call: Envelope): Promise<unknown> {
    const isEarning = EARNING_KINDS.has(kind);
    if (isEarning && this.isBlocked(call.memberKey)) return Promise.resolve(BLOCKED);
    if (kind === "till_code") return this.#tillCode(call as Call<"till_code">);
    if (kind === "accept") return this.#invites.accept(call as Call<"accept">);
    if (kind === "review_invite") return this.#invites.review(call as Call<"review_invite">);
    return this.decide(call, (earner) => this.#plain(kind, earner, call));
  }

  /** Commands that this Account answers by itself. */
  #plain(kind: EarnKind, earner: Earner, input: unknown): unknown {
    switch (kind) {
      case "event":
        return this.#events.event(earner, eventOf(input as Call<"event">));
      case "return":
        return this.#events.return(earner, input as Call<"return">);
      case "complete":
        return this.#events.complete(earner, input as Call<"complete">);
      case "check_in_view":
        return this.#checkIn.view(earner);
      case "check_in":
        return this.#checkIn.tap(earner);
      case "make_up":
        return this.#checkIn.makeUp(earner, (input as Call<"make_up">).day);
      case "tasks":
        return this.#rewards.tasks(earner);
      case "claim":
        return this.#rewards.claim(earner, (input as Call<"claim">).taskId);
      case "tier":
        return this.#rewards.tier(earner);
      case "prices":
        return pricesFor(earner, (input as Call<"prices">).sales);
      case "invites":
        return invitesView(this.#ports.social, earner);
      case "seen":
        return this.#invites.seen(earner, (input as Call<"seen">).prints);
      case "reminders":
        return this.#reminders(earner);
      case "reminder_log":
        return this.#reminderLog(earner);
      case "remind_settings":
        return this.#remindSettings(earner, (input as Call<"remind_settings">).optedOut);
      case "profile":
        return this.#rewards.profile(earner, input as Call<"profile">);
      case "birthday":
        return this.#rewards.tellBirthday(earner, (input as Call<"birthday">).birthday);
      case "cards":
        return this.#rewards.cards(earner, input as Call<"cards">, (cards) =>
          this.#checkIn.addCards(earner, cards),
        );
      case "membership":
        return this.#rewards.membership(earner, input as Call<"membership">);
      case "purchases":
        return { kind: "purchases", purchases: this.#ports.purchases.of(earner.memberKey) };
      default:
        throw new Error(`no command ${kind}`);
    }
  }

  // ---- till codes

  /** The code's own Account counts the use, this one pays it; the errand between them survives both. */
  async #tillCode(call: Call<"till_code">): Promise<EarnReply<"till_code">> {
    const { memberKey, requestId, code } = call;
    const { earning, social } = this.#ports;
    const naturalKey = `till_code:${requestId}`;
    const step = await this.decide(call, (earner): Refused | null => {
      const known = earning.request(memberKey, requestId);
      if (known) {
        return known.body === code.codeId
          ? null
          : refused("idempotency_mismatch", { fields: "code" });
      }
      earning.saveRequest(memberKey, requestId, code.codeId, null);
      const codeKey = memberKeyOf(splitMemberKey(memberKey).programmeId, `code.${code.codeId}`);
      const errand = { topic: "till_code", codeKey, code, memberKey, requestId } as const;
      social.addErrand(memberKey, naturalKey, errand, earner.nowMs);
      return null;
    });
    if (step) return step;
    const before = earning.request(memberKey, requestId)?.reply ?? null;
    const errand = before === null ? social.errand(memberKey, naturalKey) : null;
    if (errand) await this.#errands.one(errand);
    const reply = earning.request(memberKey, requestId)?.reply ?? null;
    if (reply === null) return { kind: "pending" };
    const answer = JSON.parse(reply) as ClaimedReply | Refused;
    return answer.kind === "claimed" ? { ...answer, isReplay: before !== null } : answer;
  }

  // ---- reminders

  #reminders(earner: Earner): RemindersReply {
    const { memberKey, terms, nowMs } = earner;
    const rows = remindersOf(this.#ports, memberKey, terms, nowMs);
    return {
      kind: "reminders",
      optedOut: earner.profile.isOptedOut,
      reminders: rows.map(({ naturalKey, atMs, points, expiresAtMs, daysLeft }) => ({
        ...{ reminderId: naturalKey, atMs, points, expiresAtMs, daysLeft },
      })),
    };
  }

  #reminderLog({ memberKey, profile }: Earner): ReminderLogReply {
    const rows = this.#ports.social.reminderLog(memberKey, REMINDERS_LOGGED);
    return {
      kind: "reminder_log",
      optedOut: profile.isOptedOut,
      notices: rows.map(({ atMs, channel, state, tries, points, expiresAtMs, daysLeft }) => ({
        ...{ atMs, channel, state, tries, points, expiresAtMs, daysLeft },
      })),
    };
  }

  #remindSettings(earner: Earner, isOptedOut: boolean): RemindersReply {
    if (earner.profile.isOptedOut !== isOptedOut) {
      earner.profile = { ...earner.profile, isOptedOut };
      earner.save();
      earner.planReminders();
    }
    return this.#reminders(earner);
  }

  /** Points of this member changed beside earning. Part of a commit. */
  touched(memberKey: string): void {
    const { now } = this.#ports;
    const terms = this.#ports.earning.terms(splitMemberKey(memberKey).programmeId);
    if (terms?.reminders) new Earner(this.#ports, memberKey, terms, now()).planReminders();
  }

  // ---- redemptions of this Account

  /** What one unit costs a member now. Reads nothing where the programme has one price for everybody. */
  price(memberKey: string, sale: SaleTerms, nowMs: number): MemberPrice {
    const { earning } = this.#ports;
    const { programmeId } = splitMemberKey(memberKey);
    return priceFor(earning.terms(programmeId), () => earning.profile(memberKey), sale, nowMs);
  }

  /** A granted redemption earns where some rule asks for it by its channel. Part of the commit that posts it. */
  redeemed(order: Order): void {
    if (order.grant) addOwnErrand(this.#ports, order, orderErrand(order));
  }

  /** An order is given back, or with `part` a part of it; the cash paid for it is what had earned. */
  cancelled(order: Order, part: ReturnedPart | null = null): void {
    // Points that came back lapse again some day, and their reminders with them.
    this.touched(order.memberKey);
    if (part?.amountFen !== 0) addOwnErrand(this.#ports, order, returnErrand(order, part));
  }

  // ---- reading

  /** Names of what gave points, as far as the terms still know it. */
  namesIn(memberKey: string, entries: readonly PointsEntry[]): ShareNames {
    const terms = this.#ports.earning.terms(splitMemberKey(memberKey).programmeId);
    const ids = new Set(entries.flatMap(({ breakdown }) => breakdown.map(({ ruleId }) => ruleId)));
    return Object.fromEntries([...ids].map((ruleId) => [ruleId, nameOf(ruleId, terms)]));
  }

  // ---- other Accounts, and the dry run

  peer(envelope: Envelope, message: PeerMessage): Promise<PeerReply | TermsNeeded> {
    return this.decide(envelope, (earner) => this.#peers.answer(earner, message));
  }

  invitesInReview(programmeId: string, count: number): InviteInReview[] {
    invariant(count <= LIMITS.pageRowsMax + 1, "a list of invites is bounded");
    const rows = this.#ports.social.invitesInReview(programmeId, count);
    return rows.map(({ inviterKey, inviteeKey, boundAtMs, decidedAtMs, matches }) => ({
      ...{ inviterKey, inviteeKey, boundAtMs, shared: matches },
      doneAtMs: decidedAtMs ?? boundAtMs,
    }));
  }

  pastEvents(request: PastEventsRequest): PastEventsPage {
    invariant(request.count <= LIMITS.auditRowsMax, "a page of events is bounded");
    return this.#ports.earning.pastEvents(request);
  }
}

function eventOf(call: Call<"event">) {
  const { memberKey: _, revision: __, terms: ___, ...event } = call;
  return event;
}
