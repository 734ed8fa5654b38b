import { count } from "../ui/format.ts";
import type { SignInText } from "./sign-in.zh-CN.ts";

const failed: Record<string, string> = {
  consent_needed: "Please read the privacy notice and agree first.",
  both_in_use:
    "Both of these have points or orders of their own. If both are yours, prove your phone and merge them; a merge cannot be undone. Or contact us.",
  points_held:
    "That account has an unused ticket or a redemption under way. Give it back, or wait for the sale to end.",
  points_held_at_till:
    "A till or an unpaid order holds points of that account. Finish or cancel it first.",
  stored_value: "That account has stored value. Sign in to it first, then prove this one.",
  owes_points: "That account owes points. Sign in to it first, then prove this one.",
  blocked: "One of the accounts is blocked. Please contact us.",
  merge_under_way: "Merging; please try again in a few minutes.",
  nothing_pending: "That took a while. Please sign in once more.",
  notice_changed: "The privacy notice has just changed. Please reload and read it again.",
  phone: "Please check the phone number.",
  code: "The code is wrong or has expired. Check it, or ask for another.",
  rate_limited: "Too many codes were asked for. Please wait a little.",
  not_found: "The merchant has no sign-in by phone.",
  network: "No reply from the network. Please try again.",
  timeout: "No reply from the network. Please try again.",
  wechat: "WeChat did not confirm who you are. Please try again.",
  wechat_snapshot:
    "This is WeChat's preview, which does not say who you are. Tap “Use full service” at the bottom right, then sign in.",
  wechat_state: "This sign-in did not begin here. Please tap once more.",
  ticket_used: "This link was used already. Open it again from the merchant's app.",
  ticket_expired: "This link has expired. Open it again from the merchant's app.",
  ticket_forged: "The link could not be verified.",
  ticket_malformed: "The link is incomplete.",
  ticket_unknown_key: "The link could not be verified.",
  ticket_not_for_us: "The link is for another mall.",
  other: "You are not signed in. Please try again.",
};

export const signInEn: SignInText = {
  failed,
  welcome: {
    arrived: (points) => `Welcome: ${count(points)} points are yours`,
    pending: (points) => `Welcome: ${count(points)} points are on their way to you`,
    see: "See points",
  },
  wechat: "Sign in with WeChat",
  consent: {
    title: "First, the privacy notice",
    body: "Nothing personal is kept until you agree.",
    notice: "Privacy notice",
    yes: "Agree and sign in",
    no: "Not now",
  },
  phone: {
    title: "Sign in by phone",
    phone: "Phone number",
    code: "Code",
    send: "Send code",
    again: (seconds: number) => `Again in ${seconds} s`,
    sent: "The code is on its way; it holds for 5 minutes.",
    development: (code: string) => `Nothing is sent in development; the code is ${code}`,
    agree: "I have read the privacy notice and agree",
    read: "Read the privacy notice",
    enter: "Sign in",
    merge: "Both are mine: merge into this account",
  },
  privacy: {
    title: "Sign-in and personal data",
    body: "You sign in with these. If you withdraw, they are deleted and you are signed out.",
    none: "Nothing is kept.",
    kinds: {
      wechat: "WeChat",
      wechat_union: "WeChat Open Platform",
      phone: "Phone",
      ticket: "Member of the merchant",
    },
    add: "Add a phone",
    withdraw: "Withdraw consent",
    sure: "Withdraw and delete",
    keep: "Keep it",
    ask: "Your sign-ins and phone number are deleted, and you are signed out. The record of points stays under its member number, no longer tied to you, and cannot be found again.",
  },
};
