/**
 * Invites: the invited person's completed act pays both sides. There is no reward for sharing and no function that could
 * pay one; a guard looks for people who invite themselves. Pure.
 */
import { periodIndex, type Period } from "../../kernel/calendar.ts";
import type { Refused } from "../../accounts/points/index.ts";
import { DAY_MS } from "../../kernel/clock.ts";
import { REDEMPTION_CHANNEL, type Award, type EarnEvent } from "../rules/index.ts";

export const TRAITS = ["device", "network", "payment", "address"] as const;
export type Trait = (typeof TRAITS)[number];

/** What the guard compares: keyed hashes made by the shell, never the things themselves. */
export type Fingerprints = Readonly<Record<Trait, readonly string[]>>;

export interface InviteTerms {
  readonly version: number;
  readonly zoneOffsetMs: number;
  readonly inviterPoints: number;
  readonly inviteePoints: number;
  /** The act that completes an invite. A redemption in the mall is no `order`, which is paid for in money. */
  readonly act: "order" | "redemption" | "write_off" | "registration";
  readonly amountFenMin: number;
  /** The act must follow within these days. */
  readonly days: number;
  /** Rewarded invites of one inviter in a period. */
  readonly cap: { readonly period: Period; readonly timesMax: number };
  /** What a shared trait does to the reward. */
  readonly guard: Readonly<Record<Trait, "ignore" | "review" | "refuse">>;
}

/** Of a bound invite whose days are over nothing is written: no act completes it any more. */
export type InviteState = "bound" | "rewarded" | "in_review" | "refused";

/** One invited person. The invitee's key is unique: nobody is invited twice. */
export interface Invite {
  readonly inviteId: string;
  readonly inviterKey: string;
  readonly inviteeKey: string;
  readonly boundAtMs: number;
  readonly state: InviteState;
  /** The act that completed it, so that a repeat is known. */
  readonly actId: string | null;
  readonly decidedAtMs: number | null;
  readonly matches: readonly Trait[];
}

export interface BindFacts {
  readonly inviteId: string;
  readonly inviterKey: string;
  readonly inviteeKey: string;
  /** The invitee's own invite, if there is one. */
  readonly existing: Invite | null;
  /** Who invited the inviter; null: nobody. */
  readonly inviterOfInviter: string | null;
  /** Completed acts that the invitee had before: an old member cannot be invited. */
  readonly actsBefore: number;
}

export type BindOutcome =
  | { readonly kind: "bound"; readonly invite: Invite }
  | { readonly kind: "replayed"; readonly invite: Invite }
  | Refused;

function refused(reason: string): Refused {
  return { kind: "refused", refusal: { code: "not_eligible", figures: { reason } } };
}

/** A new member came by an invitation. Binding pays nothing. */
export function bindInvite(facts: BindFacts, nowMs: number): BindOutcome {
  const { existing, inviterKey, inviteeKey } = facts;
  if (existing) {
    return existing.inviterKey === inviterKey
      ? { kind: "replayed", invite: existing }
      : refused("already_invited");
  }
  if (inviterKey === inviteeKey) return refused("invited_oneself");
  if (facts.inviterOfInviter === inviteeKey) return refused("invited_each_other");
  if (facts.actsBefore > 0) return refused("not_a_new_member");
  return {
    kind: "bound",
    invite: {
      inviteId: facts.inviteId,
      inviterKey,
      inviteeKey,
      boundAtMs: nowMs,
      state: "bound",
      actId: null,
      decidedAtMs: null,
      matches: [],
    },
  };
}

/** Traits that both sides have in common. */
export function sharedTraits(left: Fingerprints, right: Fingerprints): readonly Trait[] {
  return TRAITS.filter((trait) => left[trait].some((one) => right[trait].includes(one)));
}

export interface InviteAwards {
  readonly inviter: Award | null;
  readonly invitee: Award | null;
}

export type InviteOutcome =
  | {
      readonly kind: "decided";
      readonly invite: Invite;
      readonly awards: InviteAwards;
      /** Period whose count of rewarded invites goes up by one; null: the inviter is not paid. */
      readonly countsIn: number | null;
    }
  | { readonly kind: "unmoved" };

export interface ActFacts {
  readonly inviter: Fingerprints;
  readonly invitee: Fingerprints;
  /** Rewarded invites of the inviter in the period of the act. */
  readonly rewardedInPeriod: number;
}

const NO_AWARDS: InviteAwards = { inviter: null, invitee: null };

function amountOf(event: EarnEvent): number {
  let amountFen = 0;
  for (const line of event.lines) amountFen += line.amountFen;
  return amountFen;
}

/** Whether an event is of the kind that completes invites. */
export function isActOf({ act }: InviteTerms, { kind, channel }: EarnEvent): boolean {
  const isRedemption = kind === "order" && channel === REDEMPTION_CHANNEL;
  return act === "redemption" ? isRedemption : kind === act && !isRedemption;
}

export function inviteCapPeriod(terms: InviteTerms, atMs: number): number {
  return periodIndex(terms.cap.period, atMs, terms.zoneOffsetMs);
}

/** The invitee did something. Pays both sides when it completes the invite and the guard finds nothing. */
export function completeInvite(
  invite: Invite,
  terms: InviteTerms,
  event: EarnEvent,
  facts: ActFacts,
): InviteOutcome {
  if (invite.state !== "bound" || event.memberKey !== invite.inviteeKey) return { kind: "unmoved" };
  if (!isActOf(terms, event) || event.atMs < invite.boundAtMs) return { kind: "unmoved" };
  if (event.atMs >= invite.boundAtMs + terms.days * DAY_MS) return { kind: "unmoved" };
  if (amountOf(event) < terms.amountFenMin) return { kind: "unmoved" };
  const matches = sharedTraits(facts.inviter, facts.invitee);
  const actions = new Set(matches.map((trait) => terms.guard[trait]));
  const decided: Invite = { ...invite, actId: event.eventId, decidedAtMs: event.atMs, matches };
  if (actions.has("refuse")) {
    return {
      kind: "decided",
      invite: { ...decided, state: "refused" },
      awards: NO_AWARDS,
      countsIn: null,
    };
  }
  if (actions.has("review")) {
    return {
      kind: "decided",
      invite: { ...decided, state: "in_review" },
      awards: NO_AWARDS,
      countsIn: null,
    };
  }
  return reward(decided, terms, facts.rewardedInPeriod, event.atMs);
}

function reward(
  invite: Invite,
  terms: InviteTerms,
  rewardedInPeriod: number,
  atMs: number,
): InviteOutcome {
  const isCapped = rewardedInPeriod >= terms.cap.timesMax;
  const paysInviter = !isCapped && terms.inviterPoints > 0;
  const awardFor = (side: "inviter" | "invitee", points: number): Award | null =>
    points === 0
      ? null
      : { naturalKey: `invite_${side}:${invite.inviteId}`, points, sourceId: invite.inviteId };
  return {
    kind: "decided",
    invite: { ...invite, state: "rewarded" },
    awards: {
      inviter: paysInviter ? awardFor("inviter", terms.inviterPoints) : null,
      invitee: awardFor("invitee", terms.inviteePoints),
    },
    countsIn: paysInviter ? inviteCapPeriod(terms, atMs) : null,
  };
}

/** Staff decide an invite in review. The cap is that of the day on which the act was done. */
export function reviewInvite(
  invite: Invite,
  terms: InviteTerms,
  isGenuine: boolean,
  rewardedInPeriod: number,
  nowMs: number,
): InviteOutcome {
  if (invite.state !== "in_review") return { kind: "unmoved" };
  if (isGenuine) return reward(invite, terms, rewardedInPeriod, invite.decidedAtMs ?? nowMs);
  return {
    kind: "decided",
    invite: { ...invite, state: "refused", decidedAtMs: nowMs },
    awards: NO_AWARDS,
    countsIn: null,
  };
}

/**
 * The completing act was undone, as by a whole return: both rewards are to be taken back, under keys of their own, and an invite
 * that waits for a person needs none any more. Which points are taken is the programme's claw-back policy.
 */
export function undoInvite(
  invite: Invite,
  paid: InviteAwards,
  actId: string,
  nowMs: number,
): { readonly invite: Invite; readonly takeBack: InviteAwards } | null {
  const isDone = invite.state === "rewarded" || invite.state === "in_review";
  if (!isDone || invite.actId !== actId) return null;
  const back = (award: Award | null): Award | null =>
    award ? { ...award, naturalKey: `undo:${award.naturalKey}` } : null;
  return {
    invite: { ...invite, state: "refused", decidedAtMs: nowMs },
    takeBack: { inviter: back(paid.inviter), invitee: back(paid.invitee) },
  };
}
