/** The invited person's side of an invite: how it is bound, what the guard sees of a member, what staff decide. */
import { bindInvite, type Fingerprints, type InviteTerms } from "../../earning/invites/index.ts";
import type { EarnEvent } from "../../earning/rules/index.ts";
import { DAY_MS } from "../../kernel/clock.ts";
import type { AccountStore } from "../store.ts";
import type { Earner, EarnerPorts } from "./earner.ts";
import type { Errands } from "./errands.ts";
import { refused } from "./events-desk.ts";
import type { EarnCalls, EarnReply, Envelope, Refused, TermsNeeded } from "./messages.ts";

type Call<K extends keyof EarnCalls> = Envelope & EarnCalls[K]["input"];

/** A member with more orders than this was granted one of them. */
const ORDERS_LOOKED_AT = 50;
/** From becoming a member to accepting the invitation that it was for. */
const JOINING_MS = DAY_MS;

export interface InvitesFrontPorts extends EarnerPorts {
  readonly account: AccountStore;
  readonly errands: Errands;
  /** Tells the inviter's Account of an act that may complete the invite. */
  readonly onAct: (earner: Earner, event: EarnEvent) => void;
  /** One commit, by the terms in force. */
  readonly decide: <R>(envelope: Envelope, work: (earner: Earner) => R) => Promise<R | TermsNeeded>;
}

export class InvitesFront {
  readonly #ports: InvitesFrontPorts;

  constructor(ports: InvitesFrontPorts) {
    this.#ports = ports;
  }

  /** The member came by somebody's code. Who invited that one is asked first, so that nobody invites in a circle. */
  async accept(call: Call<"accept">): Promise<EarnReply<"accept">> {
    const { inviterKey, memberKey, inviteId, prints } = call;
    const { decide, errands } = this.#ports;
    const needed = await decide(call, () => null);
    if (needed) return needed;
    const asked = await errands.ask(memberKey, { topic: "inviter_of", memberKey: inviterKey });
    const inviterOfInviter = asked.kind === "inviter" ? asked.inviterKey : null;
    return decide(call, (earner): EarnCalls["accept"]["reply"] | Refused => {
      const { social } = this.#ports;
      const terms = earner.terms.invites;
      if (!terms) return refused("not_found", {});
      const joining = this.#joining(earner, terms);
      const outcome = bindInvite(
        {
          inviteId,
          inviterKey,
          inviteeKey: memberKey,
          existing: social.invite(memberKey),
          inviterOfInviter,
          actsBefore: this.#actsBefore(earner, terms) - (joining ? 1 : 0),
        },
        joining?.atMs ?? earner.nowMs,
      );
      if (outcome.kind === "refused") return outcome;
      const { invite } = outcome;
      if (outcome.kind === "replayed") return { kind: "accepted", isReplay: true, invite };
      social.addPrints(memberKey, prints, earner.nowMs);
      social.saveInvite(invite);
      const bound = { inviterKey, inviteId, atMs: earner.nowMs };
      const message = { topic: "invite_bound", ...bound } as const;
      social.addErrand(memberKey, `invite_bound:${inviteId}`, message, earner.nowMs);
      if (joining) this.#ports.onAct(earner, joining);
      earner.join(earner.nowMs);
      earner.save();
      return { kind: "accepted", isReplay: false, invite };
    });
  }

  /** The mall signs people in before they can accept: what has just made them a member is the act itself. */
  #joining({ memberKey, nowMs }: Earner, { act }: InviteTerms): EarnEvent | null {
    if (act !== "registration") return null;
    const event = this.#ports.earning.firstEvent(memberKey, act)?.event;
    return event && nowMs - event.atMs < JOINING_MS ? event : null;
  }

  /** Redemptions are told to rules only where something asks for them, so they are looked for where they are kept. */
  #actsBefore({ memberKey, profile }: Earner, { act }: InviteTerms): number {
    const { account, earning } = this.#ports;
    if (act !== "redemption") return profile.orders + earning.countEvents(memberKey, act);
    const orders = account.orders.orders(memberKey, ORDERS_LOOKED_AT);
    return orders.filter(({ grant }) => grant !== null).length;
  }

  /** What a member came with: compared once somebody whom they invited does the act, or whoever invited them. */
  seen(earner: Earner, prints: Partial<Fingerprints>): EarnCalls["seen"]["reply"] {
    this.#ports.social.addPrints(earner.memberKey, prints, earner.nowMs);
    return { kind: "seen" };
  }

  /** Staff decide what the guard left open. */
  async review(call: Call<"review_invite">): Promise<EarnReply<"review_invite">> {
    const { memberKey, isGenuine } = call;
    const { social, errands, decide } = this.#ports;
    const step = await decide(call, (earner): Refused | null => {
      const invite = social.invite(memberKey);
      if (!invite) return refused("not_found", {});
      if (invite.state !== "in_review") return refused("conflict", { reason: invite.state });
      const event = { ...earner.event("order", invite.actId ?? ""), atMs: invite.decidedAtMs ?? 0 };
      const { inviterKey } = invite;
      const prints = social.prints(memberKey);
      social.addErrand(
        memberKey,
        `invite_review:${invite.inviteId}`,
        { topic: "invite_act", inviterKey, invite, event, prints, isGenuine },
        earner.nowMs,
      );
      return null;
    });
    if (step) return step;
    const errand = social.errand(
      memberKey,
      `invite_review:${social.invite(memberKey)?.inviteId ?? ""}`,
    );
    if (errand) await errands.one(errand);
    return { kind: "reviewed", state: social.invite(memberKey)?.state ?? "in_review" };
  }
}
