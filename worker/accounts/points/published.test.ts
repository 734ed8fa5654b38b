/** The wallet against the published behaviour of others. Every case names its source. */
import { describe, expect, it } from "vitest";
import { bookedOr, Purse } from "../../testing/points/purse.ts";
import { expiryCalendar, expiryOf, type ClawbackPolicy, type ExpiryRounding } from "./index.ts";

const SQUARE =
  "https://developer.squareup.com/reference/square/objects/LoyaltyProgramExpirationPolicy";
const SQUARE_ACCOUNT = "https://developer.squareup.com/reference/square/objects/LoyaltyAccount";
const VOUCHERIFY = "https://docs.voucherify.io/build/loyalty-points";
const VOUCHERIFY_RULES =
  "https://www.rubydoc.info/gems/voucherify/VoucherifySdk/CampaignLoyaltyCardExpirationRules";
const TALON_ONE =
  "https://raw.githubusercontent.com/talon-one/talon_one.js/HEAD/docs/LoyaltyProgram.md";
const CLEVERTAP = "https://developer.clevertap.com/docs/reverserefund-points";
const SETONO_LOTS =
  "https://github.com/Setono/sylius-loyalty-plugin/blob/836cee76015e969434ad2dac3fd71628c3772d7c/tests/Replay/LotReplayerTest.php";
const SETONO_CLAWBACK =
  "https://github.com/Setono/sylius-loyalty-plugin/blob/5e4e9f2851d5303a5c8110679fff5d286664eb17/tests/Functional/LoyaltyLedgerClawbackTest.php";

const CHINA = 8 * 3_600_000;
const DAY = 86_400_000;
/** A moment as the programme's clock shows it. */
const at = (text: string, zone = CHINA): number =>
  Date.parse(text.includes("T") ? `${text}Z` : `${text}T00:00:00Z`) - zone;

type Unit = "days" | "months" | "years";
type ExpiryCase = readonly [
  rule: string,
  source: string,
  amount: number,
  unit: Unit,
  rounding: ExpiryRounding,
  earned: string,
  gone: string,
];

const EXPIRIES: readonly ExpiryCase[] = [
  ["P12M, month end", SQUARE, 12, "months", { kind: "month_end" }, "2020-07-06", "2021-08-01"],
  ["1 month", VOUCHERIFY, 1, "months", { kind: "day_end" }, "2023-01-25T15:30:00", "2023-02-26"],
  ["0 months", VOUCHERIFY, 0, "months", { kind: "day_end" }, "2023-01-01T09:00:00", "2023-01-02"],
  [
    "31 January + 1 month",
    VOUCHERIFY,
    1,
    "months",
    { kind: "day_end" },
    "2023-01-31",
    "2023-03-01",
  ],
  ["each month", VOUCHERIFY, 1, "months", { kind: "month_end" }, "2023-01-25", "2023-03-01"],
  ["each quarter", VOUCHERIFY, 1, "months", { kind: "quarter_end" }, "2023-01-25", "2023-04-01"],
  [
    "half-year, June",
    VOUCHERIFY,
    1,
    "months",
    { kind: "half_year_end" },
    "2023-01-25",
    "2023-07-01",
  ],
  [
    "half-year, December",
    VOUCHERIFY,
    6,
    "months",
    { kind: "half_year_end" },
    "2023-01-25",
    "2024-01-01",
  ],
  ["END_OF_YEAR", VOUCHERIFY_RULES, 1, "months", { kind: "year_end" }, "2023-01-25", "2024-01-01"],
  [
    "PARTICULAR_MONTH, same year",
    VOUCHERIFY_RULES,
    1,
    "months",
    { kind: "month_of_year", month: 3 },
    "2023-01-25",
    "2023-04-01",
  ],
  [
    "PARTICULAR_MONTH, that month",
    VOUCHERIFY_RULES,
    2,
    "months",
    { kind: "month_of_year", month: 3 },
    "2023-01-25",
    "2023-04-01",
  ],
  [
    "PARTICULAR_MONTH, next year",
    VOUCHERIFY_RULES,
    3,
    "months",
    { kind: "month_of_year", month: 3 },
    "2023-01-25",
    "2024-04-01",
  ],
  ["5D", TALON_ONE, 5, "days", { kind: "none" }, "2023-05-10T10:20:00", "2023-05-15T10:20:00"],
  [
    "5D_D: start of the day",
    TALON_ONE,
    5,
    "days",
    { kind: "day_start" },
    "2023-05-10T10:20:00",
    "2023-05-15",
  ],
  [
    "5D_U: end of the day",
    TALON_ONE,
    5,
    "days",
    { kind: "day_end" },
    "2023-05-10T10:20:00",
    "2023-05-16",
  ],
  [
    "2W_U: end of the week",
    TALON_ONE,
    14,
    "days",
    { kind: "week_end" },
    "2023-05-10",
    "2023-05-29",
  ],
  [
    "10M_U: end of the month",
    TALON_ONE,
    10,
    "months",
    { kind: "month_end" },
    "2023-05-10",
    "2024-04-01",
  ],
  [
    "1Y_U: end of the year",
    TALON_ONE,
    1,
    "years",
    { kind: "year_end" },
    "2023-05-10",
    "2025-01-01",
  ],
];

describe("expiry as others publish it", () => {
  it.each(EXPIRIES)("%s (%s)", (_, __, amount, unit, rounding, earned, gone) => {
    const rule = { kind: "after", amount, unit, rounding } as const;
    expect(expiryOf(rule, at(earned), CHINA)).toBe(at(gone));
    // The same in another zone: the day is the programme's, not the server's.
    const west = -7 * 3_600_000;
    expect(expiryOf(rule, at(earned, west), west)).toBe(at(gone, west));
  });

  it(`the deadlines sum to the balance (${SQUARE_ACCOUNT})`, () => {
    const purse = new Purse();
    purse.credit("a", 10, 0, { expiresAtMs: 5 * DAY });
    purse.credit("b", 20, 0, { expiresAtMs: 9 * DAY });
    purse.credit("c", 5, 0, { expiresAtMs: 5 * DAY });
    expect(expiryCalendar(purse.wallet, 1)).toEqual({
      deadlines: [
        { expiresAtMs: 5 * DAY, points: 15 },
        { expiresAtMs: 9 * DAY, points: 20 },
      ],
      lasting: 0,
    });
  });
});

describe("return policies as others publish them", () => {
  /** 60 pending from the returned order, 40 pending from another, 50 active; 120 are to be taken back. */
  const POLICIES: readonly (readonly [ClawbackPolicy, string, object])[] = [
    ["only_pending", TALON_ONE, { active: 50, pending: 0, clawedBack: 100, negative: 0 }],
    ["within_balance", TALON_ONE, { active: 30, pending: 0, clawedBack: 120, negative: 0 }],
    ["allow_negative", TALON_ONE, { active: 30, pending: 0, clawedBack: 120, negative: 0 }],
  ];
  const shop = (): Purse => {
    const purse = new Purse();
    const pending = { kind: "until", atMs: 10 * DAY } as const;
    purse.credit("active", 50, 0);
    purse.credit("other", 40, 0, { pending, originId: "o2" });
    purse.credit("own", 60, 0, { pending, originId: "o1" });
    return purse;
  };
  it.each(POLICIES)("%s takes pending before active (%s)", (policy, _, balance) => {
    const purse = shop();
    purse.clawBack("o1", 120, policy, DAY, "o1");
    expect(purse.balance(DAY)).toMatchObject(balance);
  });

  const SHORT: readonly (readonly [ClawbackPolicy, string, object])[] = [
    ["only_pending", TALON_ONE, { active: 50, pending: 0, clawedBack: 100, negative: 0 }],
    ["within_balance", TALON_ONE, { active: 0, pending: 0, clawedBack: 150, negative: 0 }],
    ["allow_negative", TALON_ONE, { active: 0, pending: 0, clawedBack: 400, negative: 250 }],
  ];
  it.each(SHORT)("%s where points do not suffice (%s)", (policy, _, balance) => {
    const purse = shop();
    purse.clawBack("o1", 400, policy, DAY, "o1");
    expect(purse.balance(DAY)).toMatchObject(balance);
  });

  it(`own pending points go first, others' after them (${CLEVERTAP})`, () => {
    const purse = shop();
    const { entries } = bookedOr(purse.clawBack("o1", 70, "within_balance", DAY, "o1"));
    expect(entries[0]?.slices.map(({ lotId, points }) => [lotId, points])).toEqual([
      [3, 60],
      [2, 10],
    ]);
  });

  it(`clamp to zero takes what is there and says what was asked (${SETONO_CLAWBACK})`, () => {
    const purse = new Purse();
    purse.credit("earn", 150, 0);
    purse.spend("o", 100, 1);
    const { entries } = bookedOr(purse.clawBack("o", 150, "within_balance", 2));
    expect(entries[0]).toMatchObject({ points: -50, askedPoints: 150, balanceAfter: 0 });
  });

  it(`allow negative reverses the whole earn (${SETONO_CLAWBACK})`, () => {
    const purse = new Purse();
    purse.credit("earn", 150, 0);
    purse.spend("o", 100, 1);
    const { entries } = bookedOr(purse.clawBack("o", 150, "allow_negative", 2));
    expect(entries[0]).toMatchObject({ points: -150, balanceAfter: -100 });
    expect(purse.balance(2)).toMatchObject({ active: 0, negative: 100 });
  });

  it(`one claw-back an earn, however often it is asked for (${SETONO_CLAWBACK})`, () => {
    const purse = new Purse();
    purse.credit("earn", 150, 0);
    purse.clawBack("o", 150, "allow_negative", 2);
    expect(purse.clawBack("o", 150, "allow_negative", 3).kind).toBe("replayed");
    expect(purse.balance(3)).toMatchObject({ active: 0, negative: 0 });
  });
});

describe("lots as others publish them", () => {
  it(`the earliest expiry is consumed first, whenever it was earned (${SETONO_LOTS})`, () => {
    const purse = new Purse();
    purse.credit("later", 100, 0, { expiresAtMs: 500 * DAY });
    purse.credit("sooner", 100, 1, { expiresAtMs: 300 * DAY });
    purse.credit("never", 100, 1);
    purse.spend("o", 100, 2);
    expect(purse.wallet.lots.map(({ lotId, remaining }) => [lotId, remaining])).toEqual([
      [1, 100],
      [3, 100],
    ]);
  });

  it(`a debit that spans lots drains them in order (${SETONO_LOTS})`, () => {
    const purse = new Purse();
    purse.credit("a", 50, 0, { expiresAtMs: 300 * DAY });
    purse.credit("b", 50, 1, { expiresAtMs: 330 * DAY });
    purse.spend("o", 70, 2);
    expect(purse.wallet.lots).toMatchObject([{ lotId: 2, remaining: 30 }]);
  });

  it(`an expiry empties its own lot and no other (${SETONO_LOTS})`, () => {
    const purse = new Purse();
    purse.credit("a", 100, 0, { expiresAtMs: 300 * DAY });
    purse.credit("b", 40, 1);
    expect(purse.expire(301 * DAY).entries).toMatchObject([
      { type: "expire", points: -100, slices: [{ lotId: 1, points: 100 }] },
    ]);
    expect(purse.wallet.lots).toMatchObject([{ lotId: 2, remaining: 40 }]);
  });

  it(`a deficit is paid by the next credit (${SETONO_LOTS})`, () => {
    const purse = new Purse();
    purse.credit("a", 50, 0);
    purse.manualDebit("d", 80, true, 1);
    purse.credit("b", 100, 2);
    expect(purse.balance(2)).toMatchObject({ active: 70, negative: 0 });
    expect(purse.wallet.lots).toMatchObject([{ lotId: 2, points: 100, remaining: 70 }]);
    expect(purse.audit()).toEqual([]);
  });

  it(`points that expire by a moment can be summed (${SETONO_LOTS})`, () => {
    const purse = new Purse();
    purse.credit("a", 100, 0, { expiresAtMs: 31 * DAY });
    purse.credit("b", 200, 0, { expiresAtMs: 150 * DAY });
    purse.credit("c", 50, 0);
    const by = (atMs: number): number =>
      expiryCalendar(purse.wallet, 1)
        .deadlines.filter((one) => one.expiresAtMs <= atMs)
        .reduce((sum, one) => sum + one.points, 0);
    expect([by(60 * DAY), by(180 * DAY)]).toEqual([100, 300]);
  });
});
