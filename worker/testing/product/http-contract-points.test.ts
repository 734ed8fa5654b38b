/** Points over HTTP: reading, quoting, changing by hand, and proving. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RefundQuoteView, StaffEntryView, TimelineView } from "../../accounts/wire.ts";
import type { ReceiptView } from "../../evidence/wire.ts";
import { expectProblem, HttpShop, type Json, type Reply } from "./http-shop.ts";
import { newOrderId, until, type Caller } from "./product.ts";

const DAY = 86_400_000;
let shop: HttpShop;
beforeAll(async () => {
  shop = await HttpShop.open();
});
afterAll(() => shop.close());

const get = <T>(who: Caller, path: string): Promise<Reply<T>> => shop.send<T>(who, "GET", path);

interface Changed {
  readonly entry: StaffEntryView;
  readonly balance: Json;
}

function clawBack(memberId: string, body: Json): Promise<Reply<Changed>> {
  const path = `/api/v1/staff/members/${memberId}/points/claw-back`;
  const rest = { requestId: newOrderId(), customerNote: "退货", ...body };
  return shop.send<Changed>(shop.staff, "POST", path, rest);
}

function grant(memberId: string, body: Json): Promise<Reply> {
  const path = `/api/v1/staff/members/${memberId}/grants`;
  return shop.send(shop.staff, "POST", path, {
    reason: "补偿",
    idempotencyKey: newOrderId(),
    ...body,
  });
}

interface Entries {
  readonly entries: readonly { seq: number; type: string; points: number }[];
  readonly nextCursor: string | null;
}

describe("a member's points", () => {
  it("say when everything lapses, and the deadlines sum to what is there", async () => {
    const member = await shop.member(0, "calendar");
    const soon = Date.now() + 3 * DAY;
    await shop.grant(member.id, 30, soon);
    await shop.grant(member.id, 20);
    const later = { points: 7, expiresAtMs: soon + 9 * DAY, pendingUntilMs: soon + 5 * DAY };
    expect((await grant(member.id, later)).status).toBe(201);
    const { balance, calendar, active, pending } = await shop.points(member);
    expect(balance).toEqual({
      ...{ active: 50, pending: 7, held: 0, spent: 0, expired: 0, clawedBack: 0, deficit: 0 },
    });
    expect({ active, pending }).toEqual({ active: 50, pending: 7 });
    expect(calendar.map(({ expiresAtMs, points }) => [expiresAtMs, points])).toEqual([
      [soon, 30],
      [soon + 9 * DAY, 7],
      [null, 20],
    ]);
    expect(calendar[0]?.day).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(calendar[2]?.day).toBeNull();
  });

  it("have a ledger with filters, whose pages stay the same while it grows", async () => {
    const member = await shop.member(0, "ledger");
    for (let count = 0; count < 5; count += 1) await shop.grant(member.id, 10 + count);
    await clawBack(member.id, { points: 3 });
    const path = "/api/v1/me/points/entries";
    const first = await get<Entries>(member, `${path}?limit=2`);
    expect(first.body.entries.map(({ seq }) => seq)).toEqual([6, 5]);
    await shop.grant(member.id, 1);
    const second = await get<Entries>(member, `${path}?limit=2&cursor=${first.body.nextCursor}`);
    expect(second.body.entries.map(({ seq }) => seq)).toEqual([4, 3]);
    const out = await get<Entries>(member, `${path}?direction=out`);
    expect(out.body).toMatchObject({
      entries: [{ type: "clawback", points: -3 }],
      nextCursor: null,
    });
    const typed = await get<Entries>(member, `${path}?type=manual_credit&direction=in&limit=100`);
    expect(typed.body.entries).toHaveLength(6);
    expect((await get<Entries>(member, `${path}?fromMs=${Date.now() + DAY}`)).body.entries).toEqual(
      [],
    );
    for (const query of [
      "type=gift",
      "direction=up",
      "cursor=0",
      "cursor=a",
      "fromMs=-1",
      "limit=101",
    ]) {
      expectProblem(await get(member, `${path}?${query}`), 422, "invalid");
    }
  });

  it("are quoted before a cancel, slice by slice, and come back as quoted", async () => {
    const member = await shop.member(0, "quote");
    await shop.grant(member.id, 100);
    const saleId = await shop.sale({ units: 3, pricePoints: 10 });
    const lapsesAtMs = Date.now() + 1_500;
    await shop.grant(member.id, 6, lapsesAtMs);
    const orderId = await shop.buy(member, saleId);
    const path = `/api/v1/orders/${orderId}/refund-quote`;
    const now = await get<RefundQuoteView>(member, path);
    expect(now.body).toMatchObject({ points: 10, forfeited: 0 });
    expect(now.body.slices.map(({ points, becomes }) => [points, becomes])).toEqual([
      [4, "same_lot"],
      [6, "same_lot"],
    ]);
    await until(
      async () => Date.now(),
      (nowMs) => nowMs > lapsesAtMs,
    );
    const lapsed = await get<RefundQuoteView>(member, path);
    expect(lapsed.body.slices[1]).toMatchObject({ points: 6, isLapsed: true, becomes: "grace" });
    expectProblem(await get(await shop.member(), path), 404, "not_found");
    const cancel = `/api/v1/orders/${orderId}/cancel?forfeitMax=${lapsed.body.forfeited}`;
    expect((await shop.send(member, "POST", cancel)).status).toBe(200);
    const { lots, balance } = await shop.points(member);
    expect(balance).toMatchObject({ active: 106, spent: 0, expired: 0 });
    expect(lots.map(({ source, remaining }) => [source, remaining])).toEqual([
      ["manual", 100],
      ["refund_grace", 6],
    ]);
    expectProblem(await get(member, path), 404, "not_found");
  });
});

describe("points changed by hand", () => {
  it("happen once for a request, and another body under its id is refused", async () => {
    const member = await shop.member(50, "hand");
    const body = { requestId: newOrderId(), points: 40, internalNote: "电话投诉" };
    const first = await clawBack(member.id, body);
    expect(first).toMatchObject({
      status: 201,
      body: { entry: { points: -40, actor: "staff:http-staff", internalNote: "电话投诉" } },
    });
    expect(await clawBack(member.id, body)).toMatchObject({ status: 200, body: first.body });
    const other = await clawBack(member.id, { ...body, points: 41 });
    expectProblem(other, 422, "idempotency_mismatch", { fields: ["points"] });
    // What is for staff is for staff only.
    const own = await get(member, "/api/v1/me/points");
    expect(own.text).not.toContain("电话投诉");
    expect(own.text).not.toContain("http-staff");
  });

  it("take no more than there is, unless told to, and the next points pay what is owed", async () => {
    const member = await shop.member(25, "short");
    const back = await clawBack(member.id, { points: 30, policy: "within_balance" });
    expect(back.body).toMatchObject({ entry: { points: -25, askedPoints: 30, overdraft: 0 } });
    const owed = await clawBack(member.id, { points: 8, policy: "allow_negative" });
    expect(owed.body).toMatchObject({ balance: { active: 0, deficit: 8, clawedBack: 33 } });
    expect((await grant(member.id, { points: 10 })).body).toMatchObject({ active: 2 });
    const account = await get(shop.staff, `/api/v1/staff/members/${member.id}/points`);
    expect(account.body).toMatchObject({
      balance: { active: 2, deficit: 0 },
      entries: [{ paidDeficit: 8 }, { overdraft: 8 }, {}, {}],
    });
    await shop.expectAuditAtRest();
  });

  it("name the field that cannot be", async () => {
    const member = await shop.member(0, "wrong");
    const soon = Date.now() + DAY;
    for (const [path, body] of [
      ["expiresAtMs", { expiresAtMs: Date.now() - 1_000 }],
      ["pendingUntilMs", { expiresAtMs: soon, pendingUntilMs: soon }],
    ] as const) {
      const reply = await grant(member.id, { points: 5, ...body });
      expectProblem(reply, 422, "invalid", { errors: [expect.objectContaining({ path })] });
    }
    const wide = { from: null, version: 0 };
    await shop.send(shop.staff, "PUT", "/api/v1/staff/approval-kinds/points.grant", wide);
    await grant(member.id, { points: 1_000_000_000 });
    const over = await grant(member.id, { points: 1 });
    expectProblem(over, 422, "invalid", { errors: [expect.objectContaining({ path: "points" })] });
  });

  it("are told as they happened, and the balance of any moment is replayed", async () => {
    const member = await shop.member(50, "told");
    const saleId = await shop.sale({ units: 3, pricePoints: 10 });
    const opened = Date.now();
    await until(
      async () => Date.now(),
      (nowMs) => nowMs > opened,
    );
    const orderId = await shop.buy(member, saleId);
    const base = `/api/v1/staff/members/${member.id}/points`;
    const then = await get<{ balance: Json }>(shop.staff, `${base}/at?ms=${opened}`);
    expect(then.body.balance).toMatchObject({ active: 50, spent: 0 });
    const now = await get<{ balance: Json }>(shop.staff, `${base}/at`);
    expect(now.body.balance).toMatchObject({ active: 40, spent: 10 });
    expectProblem(await get(shop.staff, `${base}/at?ms=${Date.now() + DAY}`), 422, "invalid");
    const timeline = await get<TimelineView>(shop.staff, `${base}/timeline?limit=2`);
    expect(timeline.body.items.map(({ entry, order }) => entry?.type ?? order?.event)).toEqual([
      "redeem",
      "held",
    ]);
    expect(timeline.body.items[1]?.order).toMatchObject({ orderId, points: 10 });
    const rest = await get<TimelineView>(
      shop.staff,
      `${base}/timeline?cursor=${timeline.body.nextCursor}`,
    );
    expect(rest.body).toMatchObject({ items: [{ kind: "entry" }], nextCursor: null });
    const account = await get<{ balance: Json; entries: StaffEntryView[] }>(shop.staff, base);
    expect(account.body).toMatchObject({ balance: now.body.balance });
    expect(account.body.entries.map(({ naturalKey }) => naturalKey)[0]).toBe(`redeem:${orderId}`);
  });
});

describe("a receipt", () => {
  const folder = mkdtempSync(join(tmpdir(), "receipt-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = promisify(execFile);

  async function verify(receipt: unknown, roots?: unknown): Promise<string> {
    const files = { receipt, ...(roots === undefined ? {} : { roots }) };
    const paths = Object.entries(files).map(([name, value]) => {
      const path = join(folder, `${name}.json`);
      writeFileSync(path, JSON.stringify(value));
      return path;
    });
    const script = join(import.meta.dirname, "../../../docs/verify-receipt.mjs");
    return run(process.execPath, [script, ...paths]).then(
      ({ stdout }) => stdout,
      (error: { stderr: string }) => error.stderr,
    );
  }

  it("is signed at once, is under the published root of its day, and nothing in it can be changed", async () => {
    const member = await shop.member(70, "proof");
    const path = "/api/v1/me/points/entries/1/receipt";
    const early = await get<ReceiptView>(member, path);
    expect(early.body.inclusion).toBeNull();
    expect(await verify(early.body)).toMatch(/signed[^]*no proof/);
    await shop.expectAuditAtRest();
    // The cron of a moment after this day is over.
    const worker = await shop.product.server.miniflare.getWorker("qiangdui");
    await worker.scheduled({
      cron: "* * * * *",
      scheduledTime: new Date(Date.now() + DAY + 600_000),
    });
    const { body } = await get<ReceiptView>(member, path);
    const { inclusion } = body;
    if (!inclusion) throw new Error("expected a proof");
    const published = `/api/v1/evidence/demo/roots?day=${inclusion.root.day}`;
    const roots = (await get<{ roots: unknown[]; keys: unknown[] }>(member, published)).body;
    expect(roots.roots).toEqual([inclusion.root]);
    expect(await verify(body, roots)).toContain("included");
    expect(JSON.stringify(body)).not.toContain(member.id);
    const wrong: readonly [string, unknown][] = [
      ["sealed", { ...body, entryText: body.entryText.replace("70", "71") }],
      ["signed", { ...body, receipt: { ...body.receipt, seq: 2 } }],
      ["root", { ...body, inclusion: { ...inclusion, root: { ...inclusion.root, size: 1_000 } } }],
      ["NOT VALID", { ...body, inclusion: { ...inclusion, index: inclusion.index + 1 } }],
    ];
    for (const [why, forged] of wrong) expect(await verify(forged, roots)).toContain(why);
    const unpublished = { ...roots, keys: [] };
    expect(await verify(body, unpublished)).toContain("not signed by its key");
    expectProblem(await get(member, "/api/v1/me/points/entries/2/receipt"), 404, "not_found");
    expectProblem(await get(member, "/api/v1/evidence/demo/roots?day=2026-02-30"), 422, "invalid");
    await shop.expectAuditAtRest();
    await namesTheTamperedRow(member.id, body.receipt.memberTag);
  });

  /** Somebody changes a row of D1 and forgets nothing but what was signed. */
  async function namesTheTamperedRow(memberId: string, memberTag: string): Promise<void> {
    const db = await shop.product.server.miniflare.getD1Database("DB", "qiangdui");
    const sql = "UPDATE ledger_entries SET hash = ? WHERE member_id = ? AND seq = 1";
    await db.prepare(sql).bind("f".repeat(64), memberId).run();
    const rows = await shop.deepAudit();
    const row = rows.find(({ name }) => name === "I10_evidence_holds");
    expect(row).toMatchObject({ ok: false, figures: { changed: 1, missing: 1 } });
    expect(row?.figures["faults"]).toBe(`${memberTag} seq 1`);
  }
});
