/** The words of cases where they lie: sealed, resealed after a rotation, and readable also where they are older than that. */
import { beforeAll, describe, expect, it, vi } from "vitest";
import { accountOf, orderView } from "../accounts/index.ts";
import { resealCases } from "../after-sales/index.ts";
import { memberKeyOf } from "../kernel/ids.ts";
import { sweepFulfilment } from "../fulfilment/index.ts";
import { bindings, migrate, type Caller, type Reply } from "./object-catalogue.ts";
import { Mall, newId, untilState } from "./object-fulfilment.ts";

vi.setConfig({ testTimeout: 120_000 });
const WITHIN = { timeout: 20_000, interval: 100 };
const REASON = "ring 136 1234 0415";
const NOTE = "I am in flat 301";
const ANSWER = "Dear Ms Huang";

let mall: Mall;
beforeAll(async () => {
  await migrate();
  mall = await Mall.open();
});

interface Asked {
  readonly member: Caller & { memberId: string };
  readonly memberKey: string;
  readonly orderId: string;
  readonly caseId: string;
}

async function bought(): Promise<Asked> {
  const member = await mall.member();
  const orderId = await mall.order(member, await mall.goods("coupon"));
  await untilState(member, orderId, "received");
  const memberKey = memberKeyOf("demo", member.memberId);
  return { member, memberKey, orderId, caseId: newId().slice(0, 38) };
}

async function asked(): Promise<Asked> {
  const one = await bought();
  const wish = { caseId: one.caseId, kind: "refund", quantity: 1, reason: REASON, note: NOTE };
  const reply = await one.member.send("POST", `/api/v1/orders/${one.orderId}/after-sales`, wish);
  expect(reply.status, reply.text).toBe(200);
  return one;
}

const refuse = ({ member, orderId, caseId }: Asked): Promise<Reply> =>
  mall.must("POST", `/api/v1/staff/after-sales/${member.memberId}/${orderId}/${caseId}/refuse`, {
    note: ANSWER,
  });

async function kept({ memberKey, orderId }: Asked): Promise<string[]> {
  const stored = await accountOf(bindings, memberKey).order(memberKey, orderId);
  const one = stored?.life?.afterSales[0];
  const notes = one?.history.map(({ note }) => note) ?? [];
  return [one?.reason ?? "", one?.note ?? "", ...notes];
}

const reasonInD1 = ({ caseId }: Asked): Promise<string | null> =>
  bindings.DB.prepare("SELECT reason FROM after_sales WHERE case_id = ?1")
    .bind(caseId)
    .first<string>("reason");

const shown = async ({ member, orderId }: Asked): Promise<unknown> =>
  (await member.get(`/api/v1/orders/${orderId}`)).body.afterSales[0];

const read = {
  reason: REASON,
  note: NOTE,
  history: [
    { step: "apply", note: NOTE },
    { step: "refuse", note: ANSWER },
  ],
};

const rotate = async (): Promise<number> =>
  (await mall.must("POST", "/api/v1/staff/vault/rotate", {})).body.version as number;

describe("the words of a case", () => {
  it("are read by their member and the desk, masked in the list, and kept out of the log of acts", async () => {
    const one = await asked();
    await refuse(one);
    expect(await shown(one)).toMatchObject(read);
    const desk = await mall.must(
      "GET",
      `/api/v1/staff/orders/${one.member.memberId}/${one.orderId}`,
    );
    expect(desk.body.order.afterSales[0]).toMatchObject(read);
    await vi.waitFor(async () => {
      const { items } = (await mall.must("GET", "/api/v1/staff/after-sales?state=refused")).body;
      expect(items).toMatchObject([{ caseId: one.caseId, reason: "ring 136****0415" }]);
    }, WITHIN);
    const { results } = await bindings.DB.prepare("SELECT * FROM audit_log").all();
    expect(JSON.stringify(results)).toContain("/refuse");
    expect(JSON.stringify(results)).not.toContain(ANSWER);
  });

  it("lie under the newest data key once a rotation was carried out", async () => {
    const one = await asked();
    await refuse(one);
    await vi.waitFor(async () => expect(await reasonInD1(one)).not.toBeNull(), WITHIN);
    const version = await rotate();
    const isNewest = (text: string | null): boolean => text?.startsWith(`s1.${version}.`) ?? false;
    expect((await kept(one)).map(isNewest)).toEqual([false, false, false, false]);
    await vi.waitFor(async () => {
      await resealCases(bindings, "demo");
      expect(isNewest(await reasonInD1(one))).toBe(true);
    }, WITHIN);
    expect((await kept(one)).map(isNewest)).toEqual([true, true, true, true]);
    expect(await shown(one)).toMatchObject(read);
    await vi.waitFor(async () => expect(await resealCases(bindings, "demo")).toBe(0), WITHIN);
  });

  it("of before they were sealed are read as they stand, and sealed with the next rotation", async () => {
    const one = await bought();
    const account = accountOf(bindings, one.memberKey);
    const { memberKey, orderId, caseId } = one;
    const wish = { caseId, kind: "refund", quantity: 1, reason: REASON, note: NOTE } as const;
    await account.applyAfterSale(memberKey, orderId, { ...wish, evidence: [] });
    await account.stepAfterSale({
      ...{ memberKey, orderId, caseId, step: "refuse", by: "staff:s-1", note: ANSWER },
    });
    expect(await shown(one)).toMatchObject(read);
    await vi.waitFor(async () => expect(await reasonInD1(one)).toBe(REASON), WITHIN);
    const list = await mall.must("GET", "/api/v1/staff/after-sales?state=refused");
    const row = list.body.items.find((some: { caseId: string }) => some.caseId === caseId);
    expect(row.reason).toBe("ring 136****0415");
    const version = await rotate();
    await vi.waitFor(async () => {
      await resealCases(bindings, "demo");
      expect(await reasonInD1(one)).toMatch(new RegExp(`^s1\\.${version}\\.`));
    }, WITHIN);
    for (const text of await kept(one)) expect(text).toMatch(new RegExp(`^s1\\.${version}\\.`));
    expect(await shown(one)).toMatchObject(read);
  });

  it("that silence wrote are no person's, and stay what pages translate", async () => {
    const one = await asked();
    const { memberKey, orderId, caseId } = one;
    const account = accountOf(bindings, memberKey);
    await account.stepAfterSale({
      ...{ memberKey, orderId, caseId, step: "refuse", by: "system", note: "goods_used" },
    });
    const version = await rotate();
    await vi.waitFor(async () => {
      await resealCases(bindings, "demo");
      expect((await kept(one))[0]).toMatch(new RegExp(`^s1\\.${version}\\.`));
    }, WITHIN);
    expect((await kept(one))[3]).toBe("goods_used");
  });

  it("are told to be there where their key cannot be had, and the order is shown", async () => {
    const one = await asked();
    const stored = await accountOf(bindings, one.memberKey).order(one.memberKey, one.orderId);
    if (!stored) throw new Error("the order is there");
    const lines = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const lost = { ...bindings, VAULT_KEYS: `gone:${"g".repeat(42)}` };
    const view = await orderView(lost, stored);
    expect(view.afterSales[0]).toMatchObject({ reason: "•••", note: "•••" });
    expect(lines.mock.calls.flat().join(" ")).toContain("case_words_unread");
    lines.mockRestore();
  });
});

it("words about goods that wait are sealed with the next rotation, also those of before; those that are shown are not", async () => {
  const insert = bindings.DB.prepare(
    `INSERT INTO ratings (programme_id, member_id, order_id, sku_id, stars, comment, state, at_ms)
     VALUES ('demo', 'm-old', ?1, 'sku', 5, ?2, ?1, 1)`,
  );
  await insert.bind("waiting", NOTE).run();
  await insert.bind("shown", "good").run();
  const version = await rotate();
  await vi.waitFor(async () => {
    await sweepFulfilment(bindings, Date.now());
    const { results } = await bindings.DB.prepare(
      "SELECT comment FROM ratings WHERE member_id = 'm-old' ORDER BY order_id",
    ).all<{ comment: string }>();
    expect(results).toEqual([
      { comment: "good" },
      { comment: expect.stringMatching(new RegExp(`^s1\\.${version}\\.`)) as string },
    ]);
  }, WITHIN);
  const waiting = await mall.must("GET", "/api/v1/staff/ratings");
  expect(waiting.body.items).toMatchObject([{ orderId: "waiting", comment: NOTE }]);
});
