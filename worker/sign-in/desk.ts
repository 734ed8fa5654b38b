/** From a proof to a session: whose it is, whether they agreed, and what they are from now on. */
import { createHash, randomBytes } from "node:crypto";
import { accountOf } from "../accounts/index.ts";
import { reportRegistration, type Welcome } from "../earning/index.ts";
import { memberKeyOf, splitMemberKey } from "../kernel/ids.ts";
import { returnPath } from "../kernel/own-path.ts";
import {
  currentKey,
  memberSeen,
  sessionCookie,
  SESSION_SECONDS,
  signSession,
} from "../members/index.ts";
import { MergeDesk, type MergeReply } from "../merges/index.ts";
import type { Look } from "../page-builder/index.ts";
import type { Env } from "../platform/env.ts";
import type { Session } from "../platform/http/api.ts";
import { openVault, type Vault } from "../vault/index.ts";
import { IdentityStore, type Identity } from "./identities-store.ts";
import { decideSignIn, identityText, type IdentityKind, type SignInDecision } from "./model.ts";

/** What somebody has proved, in clear; it is kept nowhere before they agree. */
export interface Proof {
  readonly via: "wechat" | "phone" | "ticket";
  readonly subjects: readonly {
    readonly kind: IdentityKind;
    readonly subject: string;
    /** What is kept of it for the member to see: a number or a name. */
    readonly shown: string;
  }[];
  /** A ticket names the member by itself. */
  readonly memberId: string | null;
}

export type Finished =
  | {
      readonly ok: true;
      readonly memberId: string;
      readonly isNew: boolean;
      readonly welcome: Welcome | null;
    }
  | { readonly ok: false; readonly reason: "consent_needed" | "both_in_use" | MergeObstacle };

type MergeObstacle = Extract<MergeReply, { kind: "refused" }>["obstacle"];

const PENDING_MS = 10 * 60_000;
const PENDING_CONTEXT = "pending-proof";
export const PENDING_COOKIE = "qd_proof";

/** Names the text that somebody agrees to, so that a changed notice is another one. */
export function noticeVersionOf({ privacy }: Look): string {
  return createHash("sha256").update(privacy).digest("hex").slice(0, 16);
}

export class SignInDesk {
  readonly #env: Env;
  readonly #programmeId: string;
  readonly #nowMs: number;
  readonly #vault: Vault;
  readonly store: IdentityStore;

  private constructor(env: Env, programmeId: string, nowMs: number, vault: Vault) {
    this.#env = env;
    this.#programmeId = programmeId;
    this.#nowMs = nowMs;
    this.#vault = vault;
    this.store = new IdentityStore(env.DB, programmeId);
  }

  static async open(env: Env, programmeId: string, nowMs: number): Promise<SignInDesk> {
    return new SignInDesk(env, programmeId, nowMs, await openVault(env, programmeId));
  }

  get vault(): Vault {
    return this.#vault;
  }

  print(kind: IdentityKind, subject: string): string {
    return this.#vault.fingerprint(`identity.${kind}`, subject);
  }

  /** `noticeVersion`: what the person agrees to now; null: they were not asked. */
  async finish(
    proof: Proof,
    session: Session | null,
    noticeVersion: string | null,
    mayMerge = false,
  ): Promise<Finished> {
    const proved = proof.subjects.map(({ kind, subject, shown }): Identity => ({
      kind,
      print: this.print(kind, subject),
      sealed: this.#vault.seal(`identity.${kind}`, identityText({ kind, subject, shown })),
    }));
    const here = mayJoin(proof) && session?.role === "member" ? session.memberId : null;
    const owner = await this.#current((await this.store.ownerOf(proved)) ?? proof.memberId);
    const known = owner ?? here;
    const agreedBefore = known !== null && (await this.store.hasConsent(known));
    const decision = decideSignIn({
      ...{ session: here, owner, hasConsent: agreedBefore || noticeVersion !== null },
      ...(await this.#freshness(here, owner)),
    });
    if (decision.kind === "both_in_use" && mayMerge && here !== null && owner !== null) {
      const obstacle = await this.#merge(owner, here);
      if (obstacle) return { ok: false, reason: obstacle };
      const into = { kind: "link", memberId: here } as const;
      return this.#apply(into, proof, proved, null);
    }
    return this.#apply(decision, proof, proved, agreedBefore ? null : noticeVersion);
  }

  /** The record that an id leads to today: a ticket may still name one that went into another. */
  async #current(memberId: string | null): Promise<string | null> {
    if (memberId === null) return null;
    const memberKey = memberKeyOf(this.#programmeId, memberId);
    return splitMemberKey(await currentKey(this.#env, memberKey, this.#nowMs)).memberId;
  }

  /** Both were proved by one person, who asks for it: the record that signs in goes into the one that is signed in. */
  async #merge(fromId: string, intoId: string): Promise<MergeObstacle | null> {
    const digest = createHash("sha256").update(JSON.stringify([fromId, intoId]));
    const reply = await new MergeDesk(this.#env, this.#programmeId, this.#nowMs).merge({
      ...{ fromId, intoId, reason: "both_proved", actor: "member" },
      mergeId: `proved-${digest.digest("hex").slice(0, 32)}`,
    });
    return reply.kind === "refused" ? reply.obstacle : null;
  }

  async #apply(
    decision: SignInDecision,
    proof: Proof,
    proved: readonly Identity[],
    noticeVersion: string | null,
  ): Promise<Finished> {
    if (decision.kind === "consent_needed" || decision.kind === "both_in_use") {
      return { ok: false, reason: decision.kind };
    }
    const isNew = decision.kind === "create";
    const memberId = isNew ? `m-${randomBytes(10).toString("hex")}` : decision.memberId;
    await this.store.keep(memberId, proved, {
      consent: noticeVersion === null ? null : { noticeVersion, via: proof.via },
      moveFrom: decision.kind === "enter" ? decision.moveFrom : null,
      nowMs: this.#nowMs,
    });
    const phone = proof.subjects.find(({ kind }) => kind === "phone")?.subject;
    const name = proof.subjects.find(({ kind }) => kind.startsWith("wechat"))?.shown;
    const sight = { displayName: name === "" ? undefined : name, phone };
    await memberSeen(this.#env, this.#programmeId, memberId, sight, this.#nowMs);
    // Once a member for ever, whatever happens in between: the event has the member's own id.
    const memberKey = memberKeyOf(this.#programmeId, memberId);
    const welcome =
      noticeVersion === null ? null : await reportRegistration(this.#env, memberKey, this.#nowMs);
    return { ok: true, memberId, isNew, welcome };
  }

  async #freshness(
    here: string | null,
    owner: string | null,
  ): Promise<{ sessionIsFresh: boolean; ownerIsFresh: boolean }> {
    if (here === null || owner === null || here === owner) {
      return { sessionIsFresh: false, ownerIsFresh: false };
    }
    const [sessionIsFresh, ownerIsFresh] = await Promise.all([
      this.#isFresh(here),
      this.#isFresh(owner),
    ]);
    return { sessionIsFresh, ownerIsFresh };
  }

  /** Nothing but a welcome: no order, nothing held, and no more than the entry of a registration. */
  async #isFresh(memberId: string): Promise<boolean> {
    const memberKey = memberKeyOf(this.#programmeId, memberId);
    const account = accountOf(this.#env, memberKey);
    const [{ balance, entries }, orders] = await Promise.all([
      account.points(memberKey, Number.MAX_SAFE_INTEGER, 2),
      account.orders(memberKey, 1),
    ]);
    const isWelcome = entries.every(({ sourceId }) => sourceId === registrationOf(memberId));
    return orders.length === 0 && balance.held === 0 && entries.length <= 1 && isWelcome;
  }

  sessionToken(memberId: string): { token: string; expiresAtMs: number } {
    const programmeId = this.#programmeId;
    const memberKey = memberKeyOf(programmeId, memberId);
    const expiresAtMs = this.#nowMs + SESSION_SECONDS * 1_000;
    const session: Session = { programmeId, memberId, memberKey, role: "member" };
    return { token: signSession(this.#env.SESSION_KEYS, session, expiresAtMs), expiresAtMs };
  }

  /** A proof on its way through the consent page: sealed, in a cookie, for minutes. */
  sealProof(proof: Proof, returnTo: string): string {
    const expiresAtMs = this.#nowMs + PENDING_MS;
    return this.#vault.seal(PENDING_CONTEXT, JSON.stringify({ proof, returnTo, expiresAtMs }));
  }

  async openProof(sealed: string): Promise<{ proof: Proof; returnTo: string } | null> {
    try {
      const text = await this.#vault.open(PENDING_CONTEXT, sealed);
      const { proof, returnTo, expiresAtMs } = JSON.parse(text) as {
        proof: Proof;
        returnTo: string;
        expiresAtMs: number;
      };
      return expiresAtMs > this.#nowMs ? { proof, returnTo: returnPath(returnTo) } : null;
    } catch {
      // Changed, of another programme, or of keys that are gone: as good as none.
      return null;
    }
  }
}

/**
 * Whether a proof may be joined with whoever is signed in. A ticket may not: its address may have been sent by anybody, so it proves
 * nothing of the person who follows it, and one click would put somebody else's identity into their record.
 */
const mayJoin = ({ via }: Proof): boolean => via !== "ticket";

export const registrationOf = (memberId: string): string => `sign-up-${memberId}`.slice(0, 64);

/** Whether the browser fetches this as the page of a frame. */
export const isFramed = (request: Request): boolean =>
  request.headers.get("sec-fetch-dest") === "iframe";

/** A cookie that only the server reads. In a frame of another site it belongs to that site's partition. */
export function serverCookie(
  request: Request,
  name: string,
  value: string,
  seconds: number,
  isEmbedded = isFramed(request),
): string {
  const base = `${name}=${value}; Path=/; HttpOnly; Max-Age=${seconds}`;
  if (isEmbedded) return `${base}; SameSite=None; Secure; Partitioned`;
  const secure = new URL(request.url).protocol === "https:" ? "; Secure" : "";
  return `${base}; SameSite=Lax${secure}`;
}

export function cookieIn(request: Request, name: string): string | null {
  for (const part of (request.headers.get("cookie") ?? "").split(";")) {
    const at = part.indexOf("=");
    if (part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

export { sessionCookie };
