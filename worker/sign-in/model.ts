/** Who somebody is after they proved an identity, and what a code or a ticket is worth. Pure. */

/** How somebody can prove who they are. `wechat` is known to one app, `wechat_union` to all apps of one account. */
export const IDENTITY_KINDS = ["wechat", "wechat_union", "phone", "ticket"] as const;
export type IdentityKind = (typeof IDENTITY_KINDS)[number];

export interface SignInFacts {
  /** The member signed in on this device, or null. */
  readonly session: string | null;
  /** The member the proved identity belongs to, or null. */
  readonly owner: string | null;
  /** Nothing but a welcome has ever happened to the member of the session; and of the owner. */
  readonly sessionIsFresh: boolean;
  readonly ownerIsFresh: boolean;
  /** The member that will be signed in has agreed to the privacy notice, or agrees now. */
  readonly hasConsent: boolean;
}

export type SignInDecision =
  /** `moveFrom`: the identities of that member go over to this one. */
  | { readonly kind: "enter"; readonly memberId: string; readonly moveFrom: string | null }
  | { readonly kind: "link"; readonly memberId: string }
  | { readonly kind: "create" }
  | { readonly kind: "consent_needed" }
  /** Both members have points or orders of their own: staff decide, with both before them. */
  | { readonly kind: "both_in_use" };

/**
 * One member, several identities. Whoever is signed in and proves an identity of somebody else has proved both, so the two
 * become one when one of them has nothing to lose.
 */
export function decideSignIn(facts: SignInFacts): SignInDecision {
  const { session, owner, sessionIsFresh, ownerIsFresh, hasConsent } = facts;
  if (!hasConsent) return { kind: "consent_needed" };
  if (owner === null)
    return session === null ? { kind: "create" } : { kind: "link", memberId: session };
  if (session === null || session === owner) {
    return { kind: "enter", memberId: owner, moveFrom: null };
  }
  if (sessionIsFresh) return { kind: "enter", memberId: owner, moveFrom: session };
  if (ownerIsFresh) return { kind: "enter", memberId: session, moveFrom: owner };
  return { kind: "both_in_use" };
}

/** A mainland mobile number as 11 digits, or another one as `+` and digits; null: it is none. */
export function phoneOf(text: string): string | null {
  const plain = text.replaceAll(/[\s()-]/g, "").replace(/^(?:\+86|0086)(?=1)/, "");
  return /^1[3-9]\d{9}$/.test(plain) || /^\+[1-9]\d{6,14}$/.test(plain) ? plain : null;
}

export const maskedPhone = (phone: string): string =>
  phone.replace(
    /^(.*?)(\d{4})(\d{4})$/,
    (_, head: string, __: string, tail: string) => `${head}****${tail}`,
  );

export const CODE_TERMS = {
  digits: 6,
  validMs: 5 * 60_000,
  /** Between two codes to one phone. */
  pauseMs: 60_000,
  sendsMax: 5,
  sendsPerMs: 3_600_000,
  triesMax: 5,
} as const;

/** What is known of the codes of one phone. */
export interface CodeState {
  readonly sentAtMs: number;
  /** Sends since `windowAtMs`. */
  readonly sends: number;
  readonly windowAtMs: number;
  readonly tries: number;
}

export type SendDecision =
  | { readonly ok: true; readonly next: CodeState }
  | { readonly ok: false; readonly waitMs: number };

export function decideSend(state: CodeState | null, nowMs: number): SendDecision {
  const { pauseMs, sendsMax, sendsPerMs } = CODE_TERMS;
  if (!state) {
    return { ok: true, next: { sentAtMs: nowMs, sends: 1, windowAtMs: nowMs, tries: 0 } };
  }
  if (nowMs - state.sentAtMs < pauseMs) {
    return { ok: false, waitMs: state.sentAtMs + pauseMs - nowMs };
  }
  const isSameWindow = nowMs - state.windowAtMs < sendsPerMs;
  if (isSameWindow && state.sends >= sendsMax) {
    return { ok: false, waitMs: state.windowAtMs + sendsPerMs - nowMs };
  }
  const window = isSameWindow
    ? { sends: state.sends + 1, windowAtMs: state.windowAtMs }
    : { sends: 1, windowAtMs: nowMs };
  return { ok: true, next: { ...window, sentAtMs: nowMs, tries: 0 } };
}

/** Whether a code may be tried against this state at all; the comparison itself is by a keyed hash. */
export function mayTry(state: CodeState, nowMs: number): boolean {
  return state.tries < CODE_TERMS.triesMax && nowMs - state.sentAtMs < CODE_TERMS.validMs;
}

/** What is sealed of an identity: what people are shown of it; of a WeChat one its id in the app as well, which pays. */
export function identityText(one: {
  readonly kind: IdentityKind;
  readonly subject: string;
  readonly shown: string;
}): string {
  const { kind, subject, shown } = one;
  return kind === "wechat" ? `${PAYER_MARK}${JSON.stringify([subject, shown])}` : shown;
}

/** No name begins with it; a text without it was sealed before ids were kept. */
const PAYER_MARK = "\u0001";

function payerIn(text: string): readonly [subject: string, shown: string] | null {
  return text.startsWith(PAYER_MARK)
    ? (JSON.parse(text.slice(PAYER_MARK.length)) as [string, string])
    : null;
}

export const shownIn = (text: string): string => payerIn(text)?.[1] ?? text;

/** The id in this app; null: it was not kept, or is another app's. */
export function openIdIn(text: string, appId: string): string | null {
  const subject = payerIn(text)?.[0] ?? "";
  return subject.startsWith(`${appId}:`) ? subject.slice(appId.length + 1) : null;
}
