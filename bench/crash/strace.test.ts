import { describe, expect, it } from "vitest";
import { TraceReader, type TraceReport } from "./strace.ts";

const ORDER = "order-000001";
const OTHER = "order-000002";
const FILE = (kind: "Account" | "Sku"): string =>
  `9</data/state/do/qiangdui-${kind}/ab12.sqlite-wal>`;

const page = (kind: "Account" | "Sku", ...orders: string[]): string =>
  `7 1.0 pwrite64(${FILE(kind)}, "\\0\\1${orders.join("\\0")}", 4096, 0) = 4096 <0.1>`;
const sync = (kind: "Account" | "Sku", result = "0"): string =>
  `7 1.1 fsync(${FILE(kind)}) = ${result} <0.1>`;
const answer = (json: object): string =>
  `7 1.2 writev(65<TCP:[127.0.0.1:1->127.0.0.1:2]>, [{iov_base="${JSON.stringify(json).replaceAll('"', '\\"')}", iov_len=9}], 1) = 9 <0.1>`;

const TICKET = answer({ orderId: ORDER, doorUrl: "/door" });
const VERDICT = answer({ t: "verdict", orderId: ORDER, outcome: "granted", ordinal: 1 });
const GRANTED = answer({ orderId: ORDER, outcome: "granted", points: 10 });
const CANCELLED = answer({ orderId: ORDER, outcome: "granted", state: "cancelled" });
const HOLD = [page("Account", ORDER), sync("Account")];
const TAKE = [page("Sku", ORDER), sync("Sku")];
const POST = HOLD;

function read(lines: readonly string[]): TraceReport {
  const reader = new TraceReader(/order-\d{6}/g);
  for (const line of lines) reader.read(line);
  return reader.report();
}

describe("a trace", () => {
  it("of answers after their fsyncs has nothing early", () => {
    const lines = [...HOLD, TICKET, ...TAKE, VERDICT, ...POST, GRANTED, ...POST, CANCELLED];
    expect(read(lines)).toEqual({
      fsyncs: 4,
      accountFsyncs: 3,
      skuFsyncs: 1,
      answers: { ticket: 1, "granted-at-door": 1, granted: 1, cancelled: 1 },
      early: [],
    });
  });

  it.each([
    ["a ticket before the hold is synced", [page("Account", ORDER), TICKET, sync("Account")]],
    ["a ticket of another order's sync", [page("Account", OTHER), sync("Account"), TICKET]],
    [
      "a ticket after a sync that failed",
      [page("Account", ORDER), sync("Account", "-1 EIO"), TICKET],
    ],
    ["a verdict before the take is synced", [...HOLD, page("Sku", ORDER), VERDICT, sync("Sku")]],
    ["a grant before the post", [...HOLD, ...TAKE, GRANTED, ...POST]],
    ["a cancel before its commit", [...HOLD, ...TAKE, ...POST, GRANTED, CANCELLED, ...POST]],
  ])("shows %s", (_what, lines) => {
    expect(read(lines).early).toHaveLength(1);
  });

  it("counts an interrupted fsync from its return on", () => {
    const begun = `7 1.1 fsync(${FILE("Account")} <unfinished ...>`;
    const resumed = "7 1.3 <... fsync resumed>) = 0 <0.2>";
    expect(read([page("Account", ORDER), begun, TICKET, resumed]).early).toHaveLength(1);
    expect(read([page("Account", ORDER), begun, resumed, TICKET]).early).toEqual([]);
  });

  it("sees every answer of one write", () => {
    const both = answer([
      { orderId: ORDER, doorUrl: "/door" },
      { orderId: OTHER, doorUrl: "/door" },
    ]);
    const { answers, early } = read([...HOLD, both]);
    expect(answers.ticket).toBe(2);
    expect(early).toHaveLength(1);
  });
});
