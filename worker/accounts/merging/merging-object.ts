import { bucketOf } from "../../kernel/ids.ts";
import { accountBuckets, stubOf, type Env } from "../../platform/env.ts";
import { EarningObject } from "../earning/earning-object.ts";
import type { Envelope, PeerMessage, PeerReply } from "../earning/messages.ts";
import type { BeginMerge, BeginMergeReply, MergeFacts, Parcel } from "./messages.ts";
import { Merging } from "./merging.ts";

/** The part of an Account that joins two records of one person. Shell only. */
export abstract class MergingObject extends EarningObject {
  protected readonly merging: Merging;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.merging = new Merging({
      ...this.earning.ports,
      sql: ctx.storage.sql,
      commits: this.commits,
      now: () => this.clock(),
      deliver: (parcel) => this.#deliver(parcel),
    });
  }

  /** The record leaves: what it has goes to the other one, soon after this answer. Repeating it changes nothing. */
  beginMerge(request: BeginMerge): Promise<BeginMergeReply> {
    return this.commits.run(() => this.merging.begin(request));
  }

  async mergeFacts(memberKey: string): Promise<MergeFacts> {
    return this.merging.facts(memberKey);
  }

  /** What another Account sends; every parcel may come twice. */
  takeIn(parcel: Parcel): Promise<void> {
    return this.commits.run(() => this.merging.takeIn(parcel));
  }

  /** Whoever still writes to a record that left is answered by the one that stays. */
  override earnPeer(
    envelope: Envelope,
    message: PeerMessage,
  ): Promise<PeerReply | { readonly kind: "terms_needed" }> {
    const intoKey = this.store.merges.intoOf(envelope.memberKey);
    if (intoKey === null) return super.earnPeer(envelope, message);
    return this.askPeer({ ...envelope, memberKey: intoKey }, readdressed(message, intoKey));
  }

  #deliver(parcel: Parcel): Promise<void> {
    const name = bucketOf(parcel.intoKey, accountBuckets(this.env));
    if (name === this.ctx.id.name) return this.takeIn(parcel);
    return stubOf(this.env.ACCOUNT, name, this.env).takeIn(parcel);
  }
}

function readdressed(message: PeerMessage, intoKey: string): PeerMessage {
  switch (message.topic) {
    case "till_code":
      return message;
    case "inviter_of":
      return { ...message, memberKey: intoKey };
    case "invite_bound":
      return { ...message, inviterKey: intoKey };
    default:
      return {
        ...message,
        inviterKey: intoKey,
        invite: { ...message.invite, inviterKey: intoKey },
      };
  }
}
