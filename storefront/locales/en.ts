import { count, dateName, dayName, timeHm, yuan } from "../ui/format.ts";
import type { Text } from "./zh-CN.ts";

const L = "en";
const price = (points: number, cashFen: number): string =>
  `${count(points)} points${cashFen > 0 ? ` + ${yuan(cashFen)}` : ""}`;

export const en: Text = {
  locale: L,
  unit: { points: "points" },
  brand: { mall: "Points mall" },
  nav: {
    label: "Main",
    home: "Home",
    goods: "Rewards",
    points: "Points",
    orders: "Orders",
    me: "Me",
    otherLanguage: "中文",
  },
  common: {
    retry: "Try again",
    copy: "Copy",
    copied: "Copied",
    back: "Back to home",
    free: "Free",
    marketPrice: "Market price",
    goHome: "See the goods",
    price,
    days: (days, hours) => `${days} d ${hours} h`,
    over: "This sale has ended",
    opensAt: (atMs, nowMs) => `Opens ${dayName(L, atMs, nowMs)} ${timeHm(atMs)}`,
    session: (atMs, nowMs) => `${timeHm(atMs)} ${dayName(L, atMs, nowMs)}`,
    standing: "Any time",
    date: (atMs, nowMs) => dateName(L, atMs, nowMs),
    day: (atMs, nowMs) => dayName(L, atMs, nowMs),
    dateTime: (atMs, nowMs) => `${dateName(L, atMs, nowMs)}, ${timeHm(atMs)}`,
    sentences: (...parts) => parts.map((part) => `${part}.`).join(" "),
  },
  grab: {
    label: {
      loading: () => "Loading",
      login: () => "Sign in to redeem",
      book: ({ points }) => `Book, hold ${count(points)} points`,
      rebook: () => "Book again",
      booking: () => "Booking",
      exchanging: () => "Renewing ticket",
      forgoing: () => "Cancelling",
      booked: () => "Booked",
      ready: () => "Get ready",
      grab: () => "Redeem",
      redeem: () => "Redeem now",
      sending: () => "Sending",
      queued: () => "In the queue",
      inDoubt: () => "Checking the result",
      seeOrder: () => "View order",
      pay: ({ fen }) => `Pay ${yuan(fen)}`,
      seeOrders: () => "View my orders",
      seeGoods: () => "See other goods",
      waitWave: () => "Waiting for returns",
      points: () => "Get more points",
      paused: () => "Waiting",
    },
    sub: {
      loading: () => "Reading the sale",
      price: ({ points, cashFen }) => price(points, cashFen),
      opensAt: ({ opensAtMs, nowMs }) =>
        `${timeHm(opensAtMs)} ${dayName(L, opensAtMs, nowMs)} · cancel any time`,
      becomesGrab: ({ atMs, nowMs }) => {
        const day = dayName(L, atMs, nowMs);
        return `Ready at ${timeHm(atMs)}${day === "today" ? "" : `, ${day}`}`;
      },
      inSeconds: ({ seconds }) => `Tap in ${seconds} s`,
      keepPage: () => "One moment",
      about: ({ seconds }) => `About ${seconds} s, keep this page open`,
      waited: ({ seconds }) => (seconds < 1 ? "Waiting for the answer" : `Waited ${seconds} s`),
      asking: ({ times }) => (times < 1 ? "Asking every 2 s" : `Asking every 2 s · ${times}`),
      posted: ({ points, cashFen }) =>
        `${count(points)} points deducted${cashFen > 0 ? ` · ${yuan(cashFen)} on delivery` : ""}`,
      payBy: ({ atMs }) =>
        atMs === null ? "Yours once it is paid" : `Yours if paid by ${timeHm(atMs)}`,
      mayReturn: () => "Returned units come back here",
      shortOf: ({ gap }) => (gap === null ? "Not enough points" : `${count(gap)} points short`),
      limit: ({ used, limit }) => `Limit reached ${used} / ${limit}`,
      rule: ({ rule }) =>
        rule === "blocked" ? "Your account is blocked" : "This sale is for some members",
      over: () => "This sale has ended",
      resumes: () => "Goes on by itself, no need to reload",
      loginFirst: () => "You come back here",
    },
  },
  toast: {
    notOpen: ({ earlyMs }) => ({
      title: earlyMs === null ? "Not open yet" : `Not open yet: ${count(earlyMs)} ms early`,
      body: "Your ticket still stands.",
    }),
    exchanged: ({ open }) => ({
      title: "Next round: your ticket is renewed",
      body: open ? "You can redeem now." : "The button turns to Redeem by itself.",
    }),
    forgone: ({ points }) => ({
      title: `Booking cancelled, ${count(points)} points are back`,
      body: "In their own lots, expiry unchanged.",
    }),
    queueTimedOut: ({ held }) => ({
      title: "The queue timed out. No points were used.",
      body: held ? "Your ticket stands; try again." : "You can try again.",
    }),
    offline: ({ held }) => ({
      title: "You are offline",
      body: held ? "Your ticket stands; we reconnect by ourselves." : "We reconnect by ourselves.",
    }),
    noAnswer: () => ({
      title: "No reply",
      body: "Your order id is kept: tapping again never counts twice.",
    }),
    priceChanged: ({ points }) => ({
      title: points === null ? "The price changed" : `It costs ${count(points)} points now`,
      body: "No points were used. Tap again if you agree.",
    }),
    mismatch: () => ({
      title: "This order id belongs to another redemption",
      body: "Nothing new was used.",
    }),
    fault: ({ requestId, held }) => ({
      title: "Something failed on our side",
      body: `${held ? "Your ticket and points are safe." : "No points were used."}${requestId === "" ? "" : ` Reference ${requestId}.`}`,
    }),
    copied: ({ text }) => ({ title: "Copied", body: text }),
    extended: ({ closesAtMs }) => ({
      title: `Open until ${timeHm(closesAtMs)} now`,
      body: "Price and limit stay as they were.",
    }),
    restocked: ({ units }) => ({
      title: units === 1 ? "1 more unit" : `${count(units)} more units`,
      body: "Price and limit stay as they were.",
    }),
    linkCopied: () => ({ title: "Link copied", body: "Anyone with it can open this sale." }),
    linkNotCopied: ({ address }) => ({ title: "Could not copy; press and hold", body: address }),
  },
  toastOrder: "View that order",
  say: {
    minutesLeft: ({ minutes }) =>
      minutes === 1 ? "Opens in 1 minute" : `Opens in ${minutes} minutes`,
    secondsLeft: ({ seconds }) => `Opens in ${seconds} seconds`,
    opened: () => "Open now",
    stockHalf: ({ remaining }) => `More than half are gone, ${count(remaining)} left`,
    stockLow: ({ remaining }) => `Few left: ${count(remaining)}`,
    stockNone: () => "All gone",
  },
  share: "Share",
  verdict: {
    won: "Redeemed",
    wonStanding: "Redeemed",
    missed: "You missed it",
    gone: (units) => `All ${count(units)} are gone`,
  },
};
