/** What other Accounts ask of this one: the inviter's side of an invite, and uses of a till code. Runs inside a commit. */
import {
  completeInvite,
  inviteCapPeriod,
  reviewInvite,
  undoInvite,
  type Invite,
  type InviteAwards,
  type InviteOutcome,
} from "../../earning/invites/index.ts";
import { useCode } from "../../earning/codes/index.ts";
import type { Earner, EarnerPorts } from "./earner.ts";
import type { PeerMessage, PeerReply } from "./messages.ts";

const NO_AWARDS: InviteAwards = { inviter: null, invitee: null };
type Act = Extract<PeerMessage, { topic: "invite_act" }>;

export class PeersDesk {
  readonly #ports: EarnerPorts;

  constructor(ports: EarnerPorts) {
    this.#ports = ports;
  }

  /** Every message may arrive twice; what was decided stays decided. */
  answer(earner: Earner, message: PeerMessage): PeerReply {
    switch (message.topic) {
      case "inviter_of":
        return {
          kind: "inviter",
          inviterKey: this.#ports.social.invite(message.memberKey)?.inviterKey ?? null,
        };
      case "invite_bound":
        return this.#bound(message);
      case "invite_act":
        return this.#act(earner, message);
      case "invite_undo":
        return this.#undo(earner, message.invite, message.actId);
      case "till_code":
        return this.#useCode(message, earner.nowMs);
    }
  }

  #bound({
    inviterKey,
    inviteId,
    atMs,
  }: Extract<PeerMessage, { topic: "invite_bound" }>): PeerReply {
    const { social } = this.#ports;
    if (!social.invited(inviterKey, inviteId)) {
      social.saveInvited(inviterKey, inviteId, { state: "bound", atMs, decision: null }, null);
    }
    return { kind: "done" };
  }

  #act(earner: Earner, message: Act): PeerReply {
    const { social } = this.#ports;
    const { invite, inviterKey } = message;
    const known = social.invited(inviterKey, invite.inviteId);
    const isReviewed = message.isGenuine !== null && known?.state === "in_review";
    if (known?.decision && !isReviewed) return { kind: "decided", ...known.decision };
    const outcome = this.#decide(earner, message);
    if (outcome.kind === "unmoved") return { kind: "decided", invite, awards: NO_AWARDS };
    const row = {
      state: outcome.invite.state,
      atMs: known?.atMs ?? invite.boundAtMs,
      decision: { invite: outcome.invite, awards: outcome.awards },
    };
    social.saveInvited(inviterKey, invite.inviteId, row, outcome.countsIn);
    if (outcome.awards.inviter) {
      earner.join(earner.nowMs);
      const version = earner.terms.invites?.version ?? 1;
      earner.pay(outcome.awards.inviter, { kind: "invite", ruleId: "invite", version });
      earner.save();
    }
    return { kind: "decided", ...row.decision };
  }

  #decide(earner: Earner, message: Act): InviteOutcome {
    const terms = earner.terms.invites;
    if (!terms) return { kind: "unmoved" };
    const { social } = this.#ports;
    const { invite, event, inviterKey, isGenuine } = message;
    const rewardedInPeriod = social.rewardedIn(inviterKey, inviteCapPeriod(terms, event.atMs));
    if (isGenuine !== null) {
      return reviewInvite(invite, terms, isGenuine, rewardedInPeriod, earner.nowMs);
    }
    // Two members may have accepted each other's code at the same moment; the later one pays nobody.
    const own = social.invite(inviterKey);
    const isMutual = own?.inviterKey === invite.inviteeKey && own.boundAtMs <= invite.boundAtMs;
    if (isMutual) {
      const refused: Invite = { ...invite, state: "refused", decidedAtMs: earner.nowMs };
      return { kind: "decided", invite: refused, awards: NO_AWARDS, countsIn: null };
    }
    const facts = {
      inviter: social.prints(inviterKey),
      invitee: message.prints,
      rewardedInPeriod,
    };
    return completeInvite(invite, terms, event, facts);
  }

  /** The act was undone: the inviter's reward is taken back, and its place under the cap is free again. */
  #undo(earner: Earner, invite: Invite, actId: string): PeerReply {
    const { social } = this.#ports;
    const row = social.invited(invite.inviterKey, invite.inviteId);
    if (!row?.decision) return { kind: "done" };
    const undone = undoInvite(row.decision.invite, row.decision.awards, actId, earner.nowMs);
    if (!undone) return { kind: "decided", ...undoneBefore(row.decision) };
    const decision = { invite: undone.invite, awards: undone.takeBack };
    social.saveInvited(
      invite.inviterKey,
      invite.inviteId,
      { ...row, state: "refused", decision },
      null,
    );
    takeBack(earner, undone.takeBack.inviter);
    return { kind: "decided", ...decision };
  }

  #useCode(message: Extract<PeerMessage, { topic: "till_code" }>, nowMs: number): PeerReply {
    const { social } = this.#ports;
    const { codeKey, code, memberKey, requestId } = message;
    const known = social.codeUse(codeKey, memberKey, requestId);
    if (known !== null) return { kind: "used", ordinal: known, points: code.points };
    const facts = { ...social.codeUses(codeKey, memberKey), known: null };
    const outcome = useCode(code, { requestId, memberKey }, facts, nowMs);
    if (outcome.kind === "refused") return outcome;
    social.insertCodeUse(codeKey, outcome.use);
    return { kind: "used", ordinal: outcome.use.ordinal, points: code.points };
  }
}

type Decision = Pick<Extract<PeerReply, { kind: "decided" }>, "invite" | "awards">;

/** What was undone is told again, because the first answer may be lost; what stands for another act stays as it is. */
function undoneBefore({ invite, awards }: Decision): Decision {
  return { invite, awards: invite.state === "refused" ? awards : NO_AWARDS };
}

/** `undone` is the reward of an invite under the key of its undoing; null: this side had none. */
export function takeBack(earner: Earner, undone: InviteAwards["inviter"]): void {
  if (!undone) return;
  const naturalKey = undone.naturalKey.replace(/^undo:/, "");
  earner.takeBackAward({ ...undone, naturalKey }, "invite_undone");
}
