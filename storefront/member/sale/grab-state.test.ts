import { describe, expect, it } from "vitest";
import { saleSample, T0 } from "../../testing/samples.ts";
import { grabState, type GrabInput, type GrabState, type GrabStateName } from "./grab-state.ts";

type Attempt = NonNullable<GrabInput["attempt"]>;

function input(over: Partial<GrabInput> & { nowMs?: number } = {}): GrabInput {
  const { nowMs = T0 - 765_000, ...rest } = over;
  return {
    clock: { nowMs },
    sale: saleSample(),
    me: { active: 4_860, limitUsed: 0 },
    ticket: null,
    attempt: null,
    verdict: null,
    connection: { live: true },
    ...rest,
  };
}

const ticket = { points: 900 };
const held = { active: 3_960, limitUsed: 1 };
const open = saleSample({ status: "open", remaining: 312 });
const empty = saleSample({ status: "open", remaining: 0, soldOut: true });
const attempt = (over: Partial<Attempt> = {}): Attempt => ({
  kind: "redeem",
  startedAtMs: T0,
  inDoubt: false,
  asks: 0,
  waitMs: null,
  ...over,
});
const refused = (code: string, over: object = {}): GrabInput["verdict"] => ({
  kind: "refused",
  code,
  epoch: 0,
  gap: null,
  limit: null,
  used: null,
  rule: null,
  ...over,
});

const GRANTED = { kind: "granted", points: 900, due: null } as const;

interface Row {
  name: string;
  given: GrabInput;
  state: GrabStateName;
  want: Partial<Omit<GrabState, "state">>;
}

const WAITING = { ariaDisabled: true, action: "none" } as const;

const TABLE: Row[] = [
  {
    name: "no sale yet",
    given: input({ sale: null }),
    state: "loading",
    want: { tone: "off", busy: true, ...WAITING },
  },
  {
    name: "nobody signed in",
    given: input({ me: null }),
    state: "login",
    want: { tone: "act", action: "login", ariaDisabled: false },
  },
  {
    name: "nobody signed in, nothing left",
    given: input({ me: null, sale: empty, nowMs: T0 + 5_000 }),
    state: "sold_out",
    want: { action: "home" },
  },
  {
    name: "before the hour",
    given: input(),
    state: "bookable",
    want: {
      tone: "act",
      action: "book",
      label: { key: "book", points: 900 },
      sub: { key: "opensAt", opensAtMs: T0, nowMs: T0 - 765_000 },
    },
  },
  {
    name: "exactly enough points",
    given: input({ me: { active: 900, limitUsed: 0 } }),
    state: "bookable",
    want: { action: "book" },
  },
  {
    name: "booking",
    given: input({ attempt: attempt({ kind: "book", startedAtMs: T0 - 765_000 }) }),
    state: "booking",
    want: { tone: "busy", busy: true, label: { key: "booking" }, ...WAITING },
  },
  {
    name: "booking, asked to wait",
    given: input({ attempt: attempt({ kind: "book", waitMs: 1_500 }) }),
    state: "booking",
    want: { sub: { key: "about", seconds: 2 } },
  },
  {
    name: "exchanging a ticket",
    given: input({ attempt: attempt({ kind: "exchange" }), ticket }),
    state: "booking",
    want: { tone: "wait", label: { key: "exchanging" } },
  },
  {
    name: "giving a ticket back",
    given: input({ attempt: attempt({ kind: "forgo" }), ticket }),
    state: "booking",
    want: { label: { key: "forgoing" } },
  },
  {
    name: "booked",
    given: input({ ticket, me: held }),
    state: "booked",
    want: {
      tone: "wait",
      busy: false,
      label: { key: "booked" },
      sub: { key: "becomesGrab", atMs: T0, nowMs: T0 - 765_000 },
      ...WAITING,
    },
  },
  {
    name: "3.001 s before",
    given: input({ ticket, me: held, nowMs: T0 - 3_001 }),
    state: "booked",
    want: WAITING,
  },
  {
    name: "the last three seconds",
    given: input({ ticket, me: held, nowMs: T0 - 3_000 }),
    state: "arming",
    want: { tone: "wait", sub: { key: "inSeconds", seconds: 3 }, ...WAITING },
  },
  {
    name: "one millisecond before",
    given: input({ ticket, me: held, nowMs: T0 - 1 }),
    state: "arming",
    want: { sub: { key: "inSeconds", seconds: 1 }, ...WAITING },
  },
  {
    name: "the hour, by the door",
    given: input({ ticket, me: held, nowMs: T0 }),
    state: "open",
    want: {
      tone: "act",
      action: "grab",
      ariaDisabled: false,
      sub: { key: "price", points: 900, cashFen: 990 },
    },
  },
  {
    name: "the hour, without the door",
    given: input({ ticket, me: held, sale: open, nowMs: T0, connection: { live: false } }),
    state: "open",
    want: { action: "redeem" },
  },
  {
    name: "the hour, without a ticket",
    given: input({ sale: open, nowMs: T0 }),
    state: "open",
    want: { action: "redeem" },
  },
  {
    name: "an ordinary redemption",
    given: input({ sale: saleSample({ kind: "standing", status: "open", opensAtMs: T0 - 1 }) }),
    state: "open",
    want: { action: "redeem", label: { key: "redeem" } },
  },
  {
    name: "just sent",
    given: input({ ticket, attempt: attempt(), nowMs: T0 }),
    state: "sending",
    want: { tone: "busy", busy: true, ...WAITING },
  },
  {
    name: "399 ms",
    given: input({ ticket, attempt: attempt(), nowMs: T0 + 399 }),
    state: "sending",
    want: WAITING,
  },
  {
    name: "400 ms",
    given: input({ ticket, attempt: attempt(), nowMs: T0 + 400 }),
    state: "queued",
    want: { tone: "busy", sub: { key: "waited", seconds: 0 } },
  },
  {
    name: "asked to queue",
    given: input({ ticket, attempt: attempt({ waitMs: 2_000 }), nowMs: T0 + 9_000 }),
    state: "queued",
    want: { sub: { key: "about", seconds: 2 } },
  },
  {
    name: "3 s",
    given: input({ ticket, attempt: attempt({ asks: 2 }), nowMs: T0 + 3_000 }),
    state: "in_doubt",
    want: { tone: "wait", busy: true, sub: { key: "asking", times: 2 }, ...WAITING },
  },
  {
    name: "the server says pending",
    given: input({ attempt: attempt({ inDoubt: true }), nowMs: T0 + 10 }),
    state: "in_doubt",
    want: WAITING,
  },
  {
    name: "granted",
    given: input({ verdict: GRANTED, sale: open, nowMs: T0 + 900 }),
    state: "granted",
    want: {
      tone: "ok",
      action: "order",
      ariaDisabled: false,
      sub: { key: "posted", points: 900, cashFen: 990 },
    },
  },
  {
    name: "granted stays granted after the end",
    given: input({ verdict: GRANTED, nowMs: T0 + 9e6 }),
    state: "granted",
    want: { action: "order" },
  },
  {
    name: "nothing left",
    given: input({ sale: empty, nowMs: T0 + 5_000 }),
    state: "sold_out",
    want: { tone: "line", action: "home" },
  },
  {
    name: "lost, though the figure is stale",
    given: input({ sale: open, verdict: refused("sold_out"), nowMs: T0 + 5_000 }),
    state: "sold_out",
    want: {},
  },
  {
    name: "lost, with points still on their way back",
    given: input({
      sale: empty,
      verdict: refused("sold_out"),
      me: { active: 0, limitUsed: 1 },
      nowMs: T0 + 5_000,
    }),
    state: "sold_out",
    want: {},
  },
  {
    name: "units came back",
    given: input({
      sale: { ...empty, returned: 8, nextWaveAtMs: T0 + 600_000 },
      nowMs: T0 + 5_000,
    }),
    state: "wave",
    want: {
      tone: "wait",
      sub: { key: "becomesGrab", atMs: T0 + 600_000, nowMs: T0 + 5_000 },
      ...WAITING,
    },
  },
  {
    name: "a wave was released for a coming minute",
    given: input({
      ticket,
      me: held,
      sale: saleSample({ status: "open", epoch: 1, remaining: 8, opensAtMs: T0 + 60_000 }),
      nowMs: T0 + 5_000,
    }),
    state: "booked",
    want: WAITING,
  },
  {
    name: "too few points, by the balance",
    given: input({ me: { active: 720, limitUsed: 0 } }),
    state: "points_insufficient",
    want: { tone: "line", action: "points", sub: { key: "shortOf", gap: 180 } },
  },
  {
    name: "too few points, by the server",
    given: input({ verdict: refused("points_insufficient", { gap: 180 }) }),
    state: "points_insufficient",
    want: { sub: { key: "shortOf", gap: 180 } },
  },
  {
    name: "too few points, no figure known",
    given: input({ verdict: refused("points_insufficient") }),
    state: "points_insufficient",
    want: { sub: { key: "shortOf", gap: null } },
  },
  {
    name: "limit, by the page",
    given: input({ me: { active: 4_860, limitUsed: 1 } }),
    state: "limit_reached",
    want: { action: "orders", sub: { key: "limit", used: 1, limit: 1 } },
  },
  {
    name: "limit, by the server",
    given: input({
      verdict: refused("limit_reached", { limit: 2, used: 2 }),
      sale: saleSample({ limitPerMember: 2 }),
    }),
    state: "limit_reached",
    want: { sub: { key: "limit", used: 2, limit: 2 } },
  },
  {
    name: "not for this membership",
    given: input({ verdict: refused("not_eligible", { rule: "segment" }) }),
    state: "not_eligible",
    want: { tone: "line", action: "home" },
  },
  {
    name: "an account that is blocked",
    given: input({ verdict: refused("not_eligible", { rule: "blocked" }) }),
    state: "not_eligible",
    want: { sub: { key: "rule", rule: "blocked" }, action: "home" },
  },
  {
    name: "ended by status",
    given: input({ sale: saleSample({ status: "closed" }) }),
    state: "closed",
    want: { tone: "line", action: "home" },
  },
  {
    name: "ended by the clock",
    given: input({ sale: open, nowMs: T0 + 1_800_000 }),
    state: "closed",
    want: {},
  },
  {
    name: "ended by verdict",
    given: input({ sale: open, verdict: refused("closed"), nowMs: T0 + 1 }),
    state: "closed",
    want: {},
  },
  {
    name: "paused with a ticket",
    given: input({ sale: { ...open, status: "paused" }, ticket, me: held, nowMs: T0 + 1 }),
    state: "paused",
    want: { tone: "wait", sub: { key: "resumes" }, ...WAITING },
  },
  {
    name: "paused without",
    given: input({ sale: { ...open, status: "paused" }, nowMs: T0 + 1 }),
    state: "paused",
    want: { tone: "wait", ...WAITING },
  },
  {
    name: "a ticket that could not be renewed",
    given: input({ verdict: refused("stale"), sale: open, nowMs: T0 + 1 }),
    state: "bookable",
    want: { action: "book", label: { key: "rebook" } },
  },
];

describe("grabState", () => {
  it.each(TABLE)("$name → $state", ({ given, state, want }) => {
    const got = grabState(given);
    expect(got.state).toBe(state);
    expect(got).toMatchObject(want);
  });

  it("covers every state of the machine", () => {
    const all: Record<GrabStateName, true> = {
      loading: true,
      login: true,
      bookable: true,
      booking: true,
      booked: true,
      arming: true,
      open: true,
      sending: true,
      queued: true,
      in_doubt: true,
      granted: true,
      sold_out: true,
      wave: true,
      points_insufficient: true,
      limit_reached: true,
      not_eligible: true,
      closed: true,
      paused: true,
    };
    expect(new Set(TABLE.map(({ state }) => state))).toEqual(new Set(Object.keys(all)));
  });

  it("never acts while it waits, and always acts when it does not", () => {
    for (const { given } of TABLE) {
      const got = grabState(given);
      expect(got.action === "none").toBe(got.ariaDisabled);
    }
  });
});
