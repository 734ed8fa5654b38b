/** The points centre of one member on 25 October 2025, as the API tells it. */
import type { LedgerFilter, PageBase, PageData } from "../../worker/pages/page-data.ts";
import type {
  CheckInView,
  EntryView,
  EvidenceView,
  InvitesView,
  ReceiptView,
  RemindersView,
  RefundQuoteView,
  TasksView,
  TierCardView,
  WalletView,
} from "../../worker/pages/wire.ts";
import { meSample, T0 } from "./samples.ts";

export const NOW = T0 - 13 * 60_000;
const DAY_MS = 86_400_000;
const at = (text: string): number => Date.parse(`${text}+08:00`);
const hash = (seq: number): string => String(seq).padStart(4, "0").repeat(16);

export function baseSample(over: Partial<PageBase> = {}): PageBase {
  return {
    locale: "zh-CN",
    serverTimeMs: NOW,
    programme: { programmeId: "tea", name: "屿岸茶社", logo: null, theme: "cinnabar" },
    me: meSample(),
    devLogin: true,
    isPreview: false,
    sharesPoster: true,
    ...over,
  };
}

export function entrySample(over: Partial<EntryView> & { seq: number }): EntryView {
  return {
    type: "earn_order",
    points: 128,
    balanceAfter: 5_755,
    orderId: null,
    reason: "镇海路店",
    occurredAtMs: at("2025-10-23T18:40:12"),
    recordedAtMs: at("2025-10-23T18:40:13"),
    customerNote: "",
    sourceId: null,
    storeId: null,
    breakdown: [],
    hash: hash(over.seq),
    prevHash: hash(over.seq - 1),
    ...over,
  };
}

export const ENTRIES: readonly EntryView[] = [
  entrySample({
    seq: 128,
    type: "hold",
    points: 0,
    balanceAfter: 5_760,
    reason: "云山白随行保温杯",
    orderId: "7F3K20A9bQpL4mZx81TnVwYe2R",
    occurredAtMs: at("2025-10-25T09:31:05"),
  }),
  entrySample({
    seq: 127,
    type: "earn_action",
    points: 5,
    balanceAfter: 5_760,
    reason: "签到第 4 天",
    occurredAtMs: at("2025-10-24T08:02:00"),
    breakdown: [{ kind: "check_in", id: "daily", version: 3, name: "每日签到", points: 5 }],
  }),
  entrySample({
    seq: 126,
    storeId: "zhenhai-road",
    customerNote: "周四会员日",
    breakdown: [
      { kind: "rule", id: "per-yuan", version: 7, name: "每消费 1 元得 1 积分", points: 64 },
      { kind: "rule", id: "member-day", version: 2, name: "会员日双倍", points: 64 },
    ],
  }),
  entrySample({
    seq: 125,
    type: "redeem_rollback",
    points: 480,
    balanceAfter: 5_627,
    reason: "山形帆布袋",
    orderId: "8F3K20A9bQpL4mZx81TnVwYe2R",
    occurredAtMs: at("2025-10-18T11:05:00"),
  }),
  entrySample({
    seq: 124,
    type: "expire",
    points: -75,
    balanceAfter: 5_147,
    reason: "expired",
    occurredAtMs: at("2025-10-18T00:00:00"),
  }),
];

const lot = (
  lotId: number,
  remaining: number,
  end: string | null,
  source: string,
): WalletView["lots"][number] => ({
  lotId,
  source,
  points: remaining,
  remaining,
  expiresAtMs: end === null ? null : at(`${end}T00:00:00`) + DAY_MS,
  pendingUntilMs: null,
  pendingEvent: null,
  originId: null,
  createdAtMs: NOW - 90 * DAY_MS,
});

export function walletSample(over: Partial<WalletView> = {}): WalletView {
  const day = (text: string, points: number): WalletView["calendar"][number] => ({
    day: text,
    expiresAtMs: at(`${text}T00:00:00`) + DAY_MS,
    points,
  });
  return {
    balance: {
      ...{ active: 4_860, pending: 320, held: 900, spent: 2_655, expired: 75 },
      ...{ clawedBack: 0, deficit: 0 },
    },
    calendar: [
      day("2025-11-07", 860),
      day("2025-12-31", 1_160),
      day("2026-03-31", 1_460),
      day("2026-06-30", 880),
      day("2026-10-31", 320),
      { day: null, expiresAtMs: null, points: 500 },
    ],
    heldCalendar: [day("2026-03-31", 300)],
    active: 4_860,
    held: 900,
    pending: 320,
    spent: 2_655,
    expired: 75,
    negative: 0,
    nextExpiry: { points: 860, expiresAtMs: at("2025-11-08T00:00:00") },
    nextBeforeSeq: 124,
    lots: [
      lot(12, 860, "2025-11-07", "earn_order"),
      lot(15, 1_160, "2025-12-31", "promo"),
      { ...lot(19, 320, "2026-10-31", "earn_order"), pendingUntilMs: at("2025-10-31T00:00:00") },
      lot(16, 1_460, "2026-03-31", "earn_order"),
      lot(17, 880, "2026-06-30", "earn_action"),
      lot(2, 500, null, "opening"),
    ],
    entries: [...ENTRIES],
    ...over,
  };
}

const NO_FILTER: LedgerFilter = { direction: null, type: null, days: null };

export function pointsSample(
  over: Partial<Extract<PageData, { page: "points" }>> = {},
): Extract<PageData, { page: "points" }> {
  return {
    ...baseSample(),
    page: "points",
    points: walletSample(),
    ledger: { filter: NO_FILTER, entries: { entries: [...ENTRIES], nextCursor: "124" } },
    checkIn: checkInSample(),
    tasks: tasksSample(),
    invites: invitesSample(),
    tier: tierSample(),
    reminders: remindersSample(),
    suggestions: null,
    storedFen: null,
    ...over,
  };
}

/** Saturday the 25th, four days in a row behind it. */
export function checkInSample(over: Partial<CheckInView> = {}): CheckInView {
  const state = (day: number): "done" | "missed" | "made_up" | "today" | "ahead" =>
    day > 25
      ? "ahead"
      : day === 25
        ? "today"
        : day > 20
          ? "done"
          : day === 20
            ? "missed"
            : day === 6
              ? "made_up"
              : "done";
  return {
    day: "2025-10-25",
    isCheckedIn: false,
    streak: 4,
    points: 5,
    cycle: {
      kind: "monthly",
      days: Array.from({ length: 31 }, (_, index) => ({
        day: `2025-10-${String(index + 1).padStart(2, "0")}`,
        points: index + 1 === 27 ? 35 : 5,
        state: state(index + 1),
      })),
    },
    makeUpCards: 2,
    nextBonus: { inDays: 3, points: 30 },
    ...over,
  };
}

export function tasksSample(): TasksView {
  const task = { detail: "", goal: 1, done: 0, endsAtMs: null, link: null };
  return {
    tasks: [
      {
        ...task,
        taskId: "first-order",
        title: "完成第一笔消费",
        detail: "任意门店或线上，满 20 元。",
        kind: "newcomer",
        points: 200,
        state: "open",
        link: "/",
        endsAtMs: NOW + 5 * DAY_MS,
      },
      {
        ...task,
        taskId: "profile",
        title: "完善资料",
        kind: "newcomer",
        points: 50,
        done: 1,
        state: "claimed",
      },
      {
        ...task,
        taskId: "visit-3",
        title: "本周到店三次",
        detail: "每天算一次，周日结束。",
        kind: "custom",
        points: 120,
        goal: 3,
        done: 2,
        state: "open",
        endsAtMs: NOW + 2 * DAY_MS,
      },
      {
        ...task,
        taskId: "review",
        title: "写一条评价",
        kind: "daily",
        points: 20,
        done: 1,
        state: "claimable",
      },
    ],
    birthday: { told: null, points: 88 },
  };
}

export function invitesSample(over: Partial<InvitesView> = {}): InvitesView {
  return {
    code: "7F3K20A9",
    link: "https://mall.example/points/invite?code=7F3K20A9",
    rules: {
      ...{ inviterPoints: 100, inviteePoints: 60, act: "order", amountFenMin: 1_000, days: 30 },
      cap: { period: "month", timesMax: 10 },
      guarded: ["device", "network", "payment", "address"],
    },
    invited: 3,
    rewarded: 1,
    waiting: 1,
    recent: [
      { atMs: NOW - DAY_MS, state: "waiting" },
      { atMs: NOW - 8 * DAY_MS, state: "rewarded" },
      { atMs: NOW - 9 * DAY_MS, state: "refused" },
    ],
    ...over,
  };
}

export function remindersSample(): RemindersView {
  return {
    optedOut: false,
    reminders: [
      {
        reminderId: "r-12-15",
        atMs: NOW - DAY_MS,
        points: 860,
        expiresAtMs: at("2025-11-08T00:00:00"),
        daysLeft: 15,
      },
    ],
  };
}

export function tierSample(over: Partial<TierCardView> = {}): TierCardView {
  return {
    tier: { tierId: "gold", name: "金叶会员", level: 2 },
    source: "growth",
    paid: null,
    missingToStay: 120,
    growth: 1_680,
    windowEndsAtMs: at("2026-03-31T23:59:59"),
    next: { tierId: "black", name: "墨叶会员", missingGrowth: 1_320 },
    projected: { tierId: "silver", name: "银叶会员", onMs: at("2026-04-01T00:00:00") },
    progress: 0.34,
    benefits: [
      { kind: "earn", text: "消费得分 1.2 倍", value: 120 },
      { kind: "check_in", text: "签到每天多 2 积分", value: 2 },
      { kind: "pool", text: "会员专享场次", value: null },
    ],
    ladder: [
      { tierId: "leaf", name: "青叶会员", level: 0, fromGrowth: 0, benefits: [] },
      { tierId: "silver", name: "银叶会员", level: 1, fromGrowth: 300, benefits: [] },
      { tierId: "gold", name: "金叶会员", level: 2, fromGrowth: 1_000, benefits: ["1.2 倍"] },
      { tierId: "black", name: "墨叶会员", level: 3, fromGrowth: 3_000, benefits: [] },
    ],
    ...over,
  };
}

export function quoteSample(): RefundQuoteView {
  return {
    points: 860,
    forfeited: 40,
    ...{ cashFen: 0, storedFen: 0, offsetPoints: 0 },
    slices: [
      {
        points: 700,
        expiresAtMs: at("2025-11-07T23:59:59"),
        isLapsed: false,
        becomes: "same_lot",
        graceUntilMs: null,
      },
      {
        points: 160,
        expiresAtMs: at("2025-10-20T23:59:59"),
        isLapsed: true,
        becomes: "grace",
        graceUntilMs: at("2025-11-24T23:59:59"),
      },
      {
        points: 40,
        expiresAtMs: at("2025-09-20T23:59:59"),
        isLapsed: true,
        becomes: "forfeit",
        graceUntilMs: null,
      },
    ],
  };
}

const RECEIPT_ROOT = {
  programmeId: "tea",
  day: "2025-10-23",
  dayNumber: 20_384,
  size: 3,
  root: "c".repeat(64),
  previous: "b".repeat(64),
};
const SIGNED = { keyId: "2025a", signature: "AA", publishedAtMs: NOW };

/** Well formed, and not genuine: nobody signed it. */
export function receiptSample(over: Partial<ReceiptView> = {}): ReceiptView {
  const { hash: own, prevHash, seq } = entrySample({ seq: 126 });
  return {
    receipt: {
      programmeId: "tea",
      memberTag: "a".repeat(32),
      seq,
      day: 20_384,
      prevHash,
      hash: own,
    },
    entryText: '["earn_order",128]',
    publicKey: "A".repeat(43),
    keyId: SIGNED.keyId,
    signature: SIGNED.signature,
    inclusion: {
      index: 1,
      path: ["d".repeat(64), "e".repeat(64)],
      root: { ...RECEIPT_ROOT, ...SIGNED },
    },
    ...over,
  };
}

export function evidenceSample(): EvidenceView {
  return {
    programmeId: "tea",
    keys: [{ keyId: "2025a", publicKey: "A".repeat(43) }],
    roots: [{ ...RECEIPT_ROOT, ...SIGNED }],
    nextBefore: null,
  };
}
