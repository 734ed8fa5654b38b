import { bucketOf } from "../../kernel/ids.ts";
import { invariant } from "../../kernel/invariant.ts";
import { LIMITS } from "../../kernel/limits.ts";
import { accountBuckets, stubOf, type Env } from "../../platform/env.ts";
import { wipeObject } from "../../platform/wipe.ts";
import type { Notifier } from "../../reminders/index.ts";
import type { TierView } from "../../tiers/index.ts";
import { PointsObject } from "../points-object.ts";
import { balanceOf, expiryCalendar, type PointsEntry } from "../points/index.ts";
import type { ChangeReply, GrantRequest, MemberFigures, ShareNames } from "../requests.ts";
import { EarningFront } from "./front.ts";
import { refused } from "./events-desk.ts";
import type {
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
} from "./messages.ts";

/** The part of an Account that earns points: it stands between the one that keeps them and the one that redeems them. */
export abstract class EarningObject extends PointsObject {
  /** Carriers of reminders; an own property, so it cannot be reached over RPC. */
  notifiers: readonly Notifier[] = [];
  protected readonly earning: EarningFront;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.earning = new EarningFront({
      sql: ctx.storage.sql,
      account: this.store,
      points: this.pointsDesk,
      commits: this.commits,
      now: () => this.clock(),
      notifiers: () => this.notifiers,
      peer: (envelope, message) => this.askPeer(envelope, message),
    });
  }

  /** One command of earning; what it is asked and answers is in `EarnCalls`. */
  earn<K extends EarnKind>(kind: K, call: Envelope & EarnCalls[K]["input"]): Promise<EarnReply<K>> {
    return this.earning.call(kind, call);
  }

  /** What another Account asks. Every message may arrive twice. */
  earnPeer(
    envelope: Envelope,
    message: PeerMessage,
  ): Promise<PeerReply | { readonly kind: "terms_needed" }> {
    return this.earning.peer(envelope, message);
  }

  async pastEvents(request: PastEventsRequest): Promise<PastEventsPage> {
    return this.earning.pastEvents(request);
  }

  /** What rules may ask about these members now, in their order. */
  async membersToday(memberKeys: readonly string[], atMs: number): Promise<MemberToday[]> {
    invariant(
      memberKeys.length <= LIMITS.bulkGrantsMax,
      "members are asked about in bounded lists",
    );
    return memberKeys.map((memberKey) => this.earning.memberToday(memberKey, atMs));
  }

  /** Where a member stands and is going to; null: no tiers are known here. */
  async tierOf(memberKey: string): Promise<TierView | null> {
    return this.earning.tierOf(memberKey, this.clock());
  }

  /** Invites of this Account's members that wait for a person, the oldest first. */
  async invitesInReview(programmeId: string, count: number): Promise<InviteInReview[]> {
    return this.earning.invitesInReview(programmeId, count);
  }

  override grant(request: GrantRequest): Promise<ChangeReply> {
    return this.commits.run((): ChangeReply => {
      // What goes to many is no decision for one who was closed out.
      if (request.source === "campaign" && this.earning.isBlocked(request.memberKey)) {
        return refused("not_eligible", { rule: "blocked" });
      }
      const reply = this.pointsDesk.grant(request, this.clock());
      if (reply.kind === "changed" && !reply.isReplay) this.earning.touched(request.memberKey);
      return reply;
    });
  }

  /** What lists and reports keep of these members; those without a single entry are left out. */
  async figuresOf(memberKeys: readonly string[]): Promise<MemberFigures[]> {
    invariant(
      memberKeys.length <= LIMITS.bulkGrantsMax,
      "members are asked about in bounded lists",
    );
    const nowMs = this.clock();
    return memberKeys.flatMap((memberKey) => {
      const wallet = this.store.members.wallet(memberKey);
      if (wallet.seq === 0) return [];
      const { active, pending, negative } = balanceOf(wallet, nowMs);
      const [next] = expiryCalendar(wallet, nowMs).deadlines;
      const { joinedAtMs } = this.earning.profileOf(memberKey);
      const { tierId } = this.earning.standingOf(memberKey, nowMs);
      return {
        ...{ memberKey, seq: wallet.seq, active, pending, negative, tierId, joinedAtMs },
        nextExpiresAtMs: next?.expiresAtMs ?? null,
        nextExpiring: next?.points ?? 0,
      };
    });
  }

  /** After a rehearsal; any other object refuses. */
  wipe(): Promise<void> {
    return wipeObject(this.ctx);
  }

  protected override namesIn(memberKey: string, entries: readonly PointsEntry[]): ShareNames {
    return this.earning.namesIn(memberKey, entries);
  }

  protected override forget(): void {
    super.forget();
    this.earning.forget();
  }

  protected askPeer(
    envelope: Envelope,
    message: PeerMessage,
  ): Promise<PeerReply | { readonly kind: "terms_needed" }> {
    const name = bucketOf(envelope.memberKey, accountBuckets(this.env));
    if (name === this.ctx.id.name) return this.earnPeer(envelope, message);
    return stubOf(this.env.ACCOUNT, name, this.env).earnPeer(envelope, message);
  }
}
