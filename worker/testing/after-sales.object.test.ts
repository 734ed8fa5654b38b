/** After-sales of goods that cannot be sent back: nobody keeps a code or a coupon that was paid back, whoever decided and whoever raced. */
import { runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { accountOf } from "../accounts/index.ts";
import type { Account } from "../accounts/account-object.ts";
import type { LifeOutcome, OrderLife } from "../accounts/orders/index.ts";
import type { GoodsKind } from "../kernel/goods-kind.ts";
import { bindings, migrate, type Caller, type Reply } from "./object-catalogue.ts";
import { Mall, newId, stateOf, untilState } from "./object-fulfilment.ts";

vi.setConfig({ testTimeout: 120_000 });
const SILENT_MS = 3 * 86_400_000 + 1;

let mall: Mall;
beforeAll(async () => {
  await migrate();
  mall = await Mall.open();
});

interface Asked {
  readonly skuId: string;
  readonly member: Caller & { memberId: string };
  readonly orderId: string;
  readonly caseId: string;
}

async function codes(skuId: string, text: string): Promise<void> {
  const path = `/api/v1/staff/codes/${skuId}/import?batchId=${newId().slice(0, 38)}`;
  await mall.must("POST", path, text, "text/csv");
}

async function bought(kind: GoodsKind, code = "", usesPerUnit = 1): Promise<Omit<Asked, "caseId">> {
  const skuId = await mall.goods(kind);
  if (usesPerUnit > 1) await mall.terms(skuId, { usesPerUnit });
  if (code !== "") await codes(skuId, code);
  const member = await mall.member();
  const orderId = await mall.order(member, skuId);
  await untilState(member, orderId, kind === "local_service" ? "to_write_off" : "received");
  return { skuId, member, orderId };
}

function apply(one: Omit<Asked, "caseId">, caseId = newId().slice(0, 38)): Promise<Reply> {
  const wish = { caseId, kind: "refund", quantity: 1, reason: "not wanted" };
  return one.member.send("POST", `/api/v1/orders/${one.orderId}/after-sales`, wish);
}

async function ask(one: Omit<Asked, "caseId">): Promise<Asked> {
  const caseId = newId().slice(0, 38);
  const asked = await apply(one, caseId);
  expect(asked.status, asked.text).toBe(200);
  return { ...one, caseId };
}

function decide(one: Asked, step: string, over: Record<string, unknown> = {}): Promise<Reply> {
  const path = `/api/v1/staff/after-sales/${one.member.memberId}/${one.orderId}/${one.caseId}/${step}`;
  return mall.staff.send("POST", path, { note: "as asked", ...over });
}

const withdraw = ({ member, orderId, caseId }: Asked): Promise<Reply> =>
  member.send("POST", `/api/v1/orders/${orderId}/after-sales/${caseId}/withdraw`, {
    trackingNo: "",
  });

const reveal = ({ member, orderId }: Pick<Asked, "member" | "orderId">): Promise<Reply> =>
  member.send("POST", `/api/v1/orders/${orderId}/codes/reveal`, { reason: "" });

const pointsOf = async (member: Caller): Promise<number> =>
  (await member.get("/api/v1/me")).body.points.active as number;

const caseOf = async ({ member, orderId }: Asked) =>
  (await member.get(`/api/v1/orders/${orderId}`)).body.afterSales[0];

async function freeCodes(skuId: string): Promise<number> {
  const { items } = (await mall.staff.get("/api/v1/staff/codes")).body;
  return items.find((one: { skuId: string }) => one.skuId === skuId).free as number;
}

/** A coupon as it was kept before its order counted its uses. */
async function uncounted({ member, orderId }: Omit<Asked, "caseId">): Promise<void> {
  const memberKey = `demo:${member.memberId}`;
  const account = accountOf(bindings, memberKey) as DurableObjectStub<Account>;
  await runInDurableObject(account, (object: Account) =>
    object["commits"].run(() => {
      const older = ({ usesTotal: _none, ...life }: OrderLife): LifeOutcome => ({
        ...{ kind: "changed", life },
      });
      return object["lifeDesk"].change(memberKey, orderId, older, object.clock());
    }),
  );
}

/** A use of it is held by a desk. */
async function untilTaken({ orderId }: Omit<Asked, "caseId">): Promise<void> {
  const find = bindings.DB.prepare("SELECT 1 FROM write_offs WHERE order_id = ?1").bind(orderId);
  const bounds = { timeout: 20_000, interval: 1 };
  await vi.waitFor(async () => expect(await find.first()).not.toBeNull(), bounds);
}

async function untilVoid({ member, orderId }: Omit<Asked, "caseId">): Promise<void> {
  const voided = async (): Promise<void> => {
    const { vouchers } = (await mall.delivery(member, orderId)).body;
    expect(vouchers[0].state).toBe("void");
  };
  await vi.waitFor(voided, { timeout: 20_000, interval: 50 });
}

/** Nobody says anything for so long that the Account decides by itself. */
async function silence({ member }: Asked, silentMs = SILENT_MS): Promise<void> {
  const account = accountOf(bindings, `demo:${member.memberId}`) as DurableObjectStub<Account>;
  await runInDurableObject(account, async (object: Account) => {
    const { clock } = object;
    object.clock = () => clock() + silentMs;
    await object.sweep();
    object.clock = clock;
  });
}

describe("a refund the desk agrees to", () => {
  it.each(["coupon", "local_service"] as const)(
    "refund × write-off at once of a %s: it is used or paid back, never both",
    async (kind) => {
      for (let round = 0; round < 6; round += 1) {
        const order = await bought(kind);
        const code = await mall.codeOf(order.member, order.orderId);
        const clerk = await mall.clerk();
        const before = await pointsOf(order.member);
        const refund = async (): Promise<Reply> => {
          // Alone it is quicker, so every other time the desk takes the use first, and they meet at the order.
          if (round % 2 === 1) await untilTaken(order);
          const caseId = newId().slice(0, 38);
          const asked = await apply(order, caseId);
          return asked.status === 200 ? decide({ ...order, caseId }, "agree-refund") : asked;
        };
        const [refunded, used] = await Promise.all([refund(), mall.writeOff(clerk, code)]);
        const isBack = refunded.status === 200;
        const [winner, loser] = isBack ? [refunded, used] : [used, refunded];
        expect([winner.status, loser.status]).toEqual([200, 409]);
        expect(loser.body.reason).toBe(isBack ? "order_state" : "used");
        expect(await stateOf(order.member, order.orderId)).toBe(isBack ? "refunded" : "received");
        expect((await pointsOf(order.member)) > before).toBe(isBack);
      }
    },
  );

  it.each([
    ["local_service", "reverse_write_off"],
    ["coupon", "reverse_coupon"],
  ] as const)(
    "gives back the uses of a %s that nobody has had, and ends it",
    async (kind, undo) => {
      const order = await bought(kind, "", 4);
      const { member, orderId } = order;
      const code = await mall.codeOf(member, orderId);
      const clerk = await mall.clerk();
      const paid = (await member.get(`/api/v1/orders/${orderId}`)).body.legs.points
        .points as number;
      const act = newId().slice(0, 38);
      expect((await mall.writeOff(clerk, code, { uses: 2, writeOffId: act })).status).toBe(200);
      const quote = await member.get(`/api/v1/orders/${orderId}/after-sales/quote`);
      expect(quote.body.points).toBe(paid / 2);
      const one = await ask(order);
      const shown = (await member.get(`/api/v1/orders/${orderId}`)).body;
      expect(shown.uses).toEqual({ left: 2, total: 4 });
      expect((await caseOf(one)).points).toBe(paid / 2);
      const before = await pointsOf(member);
      expect((await decide(one, "agree-refund")).status).toBe(200);
      expect(await pointsOf(member)).toBe(before + paid / 2);
      await vi.waitFor(
        async () => {
          const { vouchers } = (await mall.delivery(member, orderId)).body;
          expect(vouchers[0]).toMatchObject({ state: "void", usesLeft: 2 });
        },
        { timeout: 20_000, interval: 50 },
      );
      expect((await mall.writeOff(clerk, code)).status).toBe(409);
      // What was served was paid for: it is not undone behind the refund.
      expect(
        await accountOf(bindings, `demo:${member.memberId}`).advanceOrder({
          ...{ memberKey: `demo:${member.memberId}`, orderId, step: undo },
          ...{ by: "staff:b", key: `reverse:${act}`, units: 2 },
        }),
      ).toMatchObject({ kind: "refused" });
    },
  );

  it("ends the coupon: the desk refuses it from then on", async () => {
    const order = await bought("coupon");
    const code = await mall.codeOf(order.member, order.orderId);
    const one = await ask(order);
    expect((await decide(one, "agree-refund")).status).toBe(200);
    const early = await mall.writeOff(await mall.clerk(), code);
    expect(early.status).toBe(409);
    await untilVoid(order);
    const refused = await mall.writeOff(await mall.clerk(), code);
    expect(refused).toMatchObject({ status: 409, body: { reason: "void" } });
  });

  it("pays for a coupon of before its uses were counted only when told to, once it was used", async () => {
    const order = await bought("coupon", "", 2);
    await uncounted(order);
    const code = await mall.codeOf(order.member, order.orderId);
    expect((await mall.writeOff(await mall.clerk(), code)).status).toBe(200);
    const one = await ask(order);
    const stopped = await decide(one, "agree-refund");
    expect(stopped).toMatchObject({ status: 409, body: { reason: "goods_used" } });
    expect((await decide(one, "agree-refund", { evenIfUsed: true })).status).toBe(200);
    expect(await stateOf(one.member, one.orderId)).toBe("refunded");
    await untilVoid(order);
    const unused = await bought("coupon", "", 2);
    await uncounted(unused);
    expect((await decide(await ask(unused), "agree-refund")).status).toBe(200);
    await untilVoid(unused);
  });

  it("while it is asked for, freezes the voucher; taking it back frees it again", async () => {
    for (const kind of ["coupon", "local_service"] as const) {
      const one = await ask(await bought(kind));
      const clerk = await mall.clerk();
      const code = await mall.codeOf(one.member, one.orderId);
      const refused = await mall.writeOff(clerk, code);
      // Nothing was used, and the desk is shown so.
      const voucher = { state: "live", usesLeft: 1 };
      expect(refused).toMatchObject({ status: 409, body: { reason: "order_state", voucher } });
      expect((await withdraw(one)).status).toBe(200);
      const used = await mall.writeOff(clerk, code);
      expect(used.status, used.text).toBe(200);
    }
  });

  it("takes an unseen code back for the next buyer, and pays for a seen one only when told to", async () => {
    const unseen = await ask(await bought("card_code", "AFTER-0001"));
    expect((await decide(unseen, "agree-refund")).status).toBe(200);
    expect(await freeCodes(unseen.skuId)).toBe(1);
    expect((await reveal(unseen)).status).toBe(409);
    const order = await bought("card_code", "AFTER-0002");
    expect((await reveal(order)).body.codes).toEqual(["AFTER-0002"]);
    const seen = await ask(order);
    const stopped = await decide(seen, "agree-refund");
    expect(stopped).toMatchObject({ status: 409, body: { reason: "goods_used" } });
    expect((await caseOf(seen)).state).toBe("applied");
    expect((await decide(seen, "agree-refund", { evenIfUsed: true })).status).toBe(200);
    expect(await freeCodes(seen.skuId)).toBe(0);
    expect(await stateOf(seen.member, seen.orderId)).toBe("refunded");
  });
});

describe("a refund of a code that was agreed to and broke off", () => {
  /** The desk's word is written down; then the object dies, before the code is asked back. */
  async function agreedOnly({ member, orderId, caseId }: Asked): Promise<void> {
    const memberKey = `demo:${member.memberId}`;
    const account = accountOf(bindings, memberKey) as DurableObjectStub<Account>;
    await runInDurableObject(account, (object: Account) =>
      object["commits"].run(() =>
        object["lifeDesk"].cases.agree(
          { memberKey, orderId, caseId },
          { by: "staff:b", note: "as asked", evenIfUsed: false },
          object.clock(),
        ),
      ),
    );
  }

  it("is not withdrawn or refused any more, and is carried out by the Account itself", async () => {
    const one = await ask(await bought("card_code", "BROKE-0001"));
    await agreedOnly(one);
    expect(await caseOf(one)).toMatchObject({
      state: "applied",
      isTakingBack: true,
      dueAtMs: null,
    });
    for (const refused of [await withdraw(one), await decide(one, "refuse")]) {
      expect(refused).toMatchObject({ status: 409, body: { reason: "case_state" } });
    }
    await silence(one, 61_000);
    await untilState(one.member, one.orderId, "refunded");
    expect(await caseOf(one)).toMatchObject({ state: "done", isTakingBack: false });
    expect((await caseOf(one)).history).toContainEqual(
      expect.objectContaining({ step: "agree_refund", note: "as asked" }),
    );
    expect(await freeCodes(one.skuId)).toBe(1);
  });

  it("goes on when the desk agrees once more, and repeating it after that changes nothing", async () => {
    const one = await ask(await bought("card_code", "BROKE-0002"));
    await agreedOnly(one);
    for (let times = 0; times < 2; times += 1) {
      const agreed = await decide(one, "agree-refund");
      expect(agreed.status, agreed.text).toBe(200);
    }
    expect(await stateOf(one.member, one.orderId)).toBe("refunded");
    expect(await freeCodes(one.skuId)).toBe(1);
  });

  it("is open as before when the member turns out to have seen the code", async () => {
    const order = await bought("card_code", "BROKE-0003");
    await reveal(order);
    const one = await ask(order);
    const { dueAtMs } = await caseOf(one);
    await agreedOnly(one);
    await silence(one, 61_000);
    const bounds = { timeout: 20_000, interval: 50 };
    await vi.waitFor(async () => expect((await caseOf(one)).isTakingBack).toBe(false), bounds);
    expect(await caseOf(one)).toMatchObject({ state: "applied", dueAtMs });
    expect((await withdraw(one)).status).toBe(200);
    expect(await stateOf(one.member, one.orderId)).toBe("received");
  });
});

describe("three days of silence", () => {
  it("are consent: an unseen code goes back before the points do", async () => {
    const one = await ask(await bought("card_code", "SILENT-0001"));
    const before = await pointsOf(one.member);
    await silence(one);
    await untilState(one.member, one.orderId, "refunded");
    expect(await pointsOf(one.member)).toBeGreaterThan(before);
    expect(await freeCodes(one.skuId)).toBe(1);
    expect((await reveal(one)).status).toBe(409);
  });

  it("are consent: a coupon ends with its refund", async () => {
    const order = await bought("coupon");
    const code = await mall.codeOf(order.member, order.orderId);
    const one = await ask(order);
    await silence(one);
    await untilState(one.member, one.orderId, "refunded");
    await untilVoid(order);
    const refused = await mall.writeOff(await mall.clerk(), code);
    expect(refused).toMatchObject({ status: 409, body: { reason: "void" } });
  });

  it("pay for nothing that was seen already", async () => {
    const order = await bought("card_code", "SILENT-0002");
    await reveal(order);
    const one = await ask(order);
    const before = await pointsOf(one.member);
    await silence(one);
    const bounds = { timeout: 20_000, interval: 50 };
    await vi.waitFor(async () => expect((await caseOf(one)).state).toBe("refused"), bounds);
    expect((await caseOf(one)).history.at(-1)).toMatchObject({ note: "goods_used" });
    expect(await stateOf(one.member, one.orderId)).toBe("received");
    expect(await pointsOf(one.member)).toBe(before);
  });
});

describe("ten days of silence", () => {
  it("refund an exchange whose goods came back and for which nothing went out", async () => {
    const skuId = await mall.goods("physical");
    const member = await mall.member();
    const orderId = await mall.order(member, skuId);
    await mall.address(member, orderId);
    await mall.ship(member.memberId, orderId);
    const caseId = newId().slice(0, 38);
    const path = `/api/v1/orders/${orderId}/after-sales`;
    const wish = { caseId, kind: "exchange", quantity: 1, reason: "broken" };
    expect((await member.send("POST", path, wish)).status).toBe(200);
    const one = { skuId, member, orderId, caseId };
    expect((await decide(one, "agree")).status).toBe(200);
    const blank = await member.send("POST", `${path}/${caseId}/send-back`, { trackingNo: " " });
    expect(blank.status).toBe(422);
    const sent = await member.send("POST", `${path}/${caseId}/send-back`, { trackingNo: "SF1" });
    expect(sent.status, sent.text).toBe(200);
    const before = await pointsOf(member);
    await silence(one, 10 * 86_400_000 + 1);
    await untilState(member, orderId, "refunded");
    expect(await caseOf(one)).toMatchObject({ kind: "return", state: "done" });
    expect((await caseOf(one)).history).toContainEqual(
      expect.objectContaining({ step: "take_back", note: "not_exchanged" }),
    );
    expect(await pointsOf(member)).toBeGreaterThan(before);
    // The desk's list says so too.
    await vi.waitFor(
      async () => {
        const list = await mall.must("GET", "/api/v1/staff/after-sales?state=done");
        const rows = list.body.items as { caseId: string; kind: string }[];
        expect(rows.find((row) => row.caseId === caseId)?.kind).toBe("return");
      },
      { timeout: 20_000, interval: 50 },
    );
  });
});
