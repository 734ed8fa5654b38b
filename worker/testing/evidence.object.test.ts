/** Pictures that members show with a request: seen by them and the desk, sealed where they lie. */
import { beforeAll, describe, expect, it, vi } from "vitest";
import { resealEvidence } from "../after-sales/index.ts";
import { bindings, migrate, type Caller, type Reply } from "./object-catalogue.ts";
import { PIXEL, pictureSaying } from "./object-pictures.ts";
import { Mall, newId, untilState } from "./object-fulfilment.ts";

vi.setConfig({ testTimeout: 120_000 });

let mall: Mall;
beforeAll(async () => {
  await migrate();
  mall = await Mall.open();
});

interface Owned {
  readonly member: Caller & { memberId: string };
  readonly orderId: string;
}

async function bought(): Promise<Owned> {
  const member = await mall.member();
  const orderId = await mall.order(member, await mall.goods("coupon"));
  await untilState(member, orderId, "received");
  return { member, orderId };
}

describe("pictures shown with a request", () => {
  const folderOf = ({ member, orderId }: Owned): string =>
    `evidence/demo/${member.memberId}/${orderId}/`;
  const atRest = async (order: Owned, name: string): Promise<Buffer> => {
    const found = await bindings.MEDIA.get(folderOf(order) + name);
    if (!found) throw new Error("nothing is stored there");
    return Buffer.from(await found.arrayBuffer());
  };
  const stored = (
    { member, orderId }: Owned,
    bytes: Uint8Array | string = PIXEL,
    type = "image/png",
  ): Promise<Reply> => member.send("POST", `/api/v1/orders/${orderId}/evidence`, bytes, type);

  it("are seen by their member and the desk, and by nobody else", async () => {
    const order = await bought();
    const { member, orderId } = order;
    const kept = await stored(order);
    expect(kept.status, kept.text).toBe(201);
    expect((await stored(order)).body).toEqual(kept.body);
    const { name, path } = kept.body;
    const wish = { caseId: newId().slice(0, 38), kind: "refund", quantity: 1, reason: "torn" };
    const asked = await member.send("POST", `/api/v1/orders/${orderId}/after-sales`, {
      ...{ ...wish, evidence: [name] },
    });
    expect(asked.body.afterSales[0].evidence).toEqual([name]);
    const own = await member.get(path);
    expect(own.status).toBe(200);
    expect(own.headers.get("content-type")).toBe("image/png");
    expect(own.headers.get("cache-control")).toMatch(/^private/);
    const atDesk = `/api/v1/staff/orders/${member.memberId}/${orderId}/evidence/${name}`;
    expect((await mall.staff.get(atDesk)).status).toBe(200);
    const other = await mall.member();
    expect((await other.get(path)).status).toBe(404);
    expect((await other.get(atDesk)).status).toBe(403);
    expect((await stored({ member: other, orderId })).status).toBe(404);
    expect((await other.get(`/media/evidence/${name}`)).status).toBe(404);
  });

  it("are pictures by their content, stored before they are named, and not without end", async () => {
    const order = await bought();
    expect((await stored(order, "<svg onload=alert(1)>", "image/png")).status).toBe(422);
    expect((await stored(order, PIXEL, "image/jpeg")).status).toBe(422);
    expect((await stored(order, "<svg/>", "image/svg+xml")).status).toBe(415);
    expect((await stored(order, new Uint8Array(2_097_153))).status).toBe(413);
    const wish = { caseId: newId().slice(0, 38), kind: "refund", quantity: 1, reason: "torn" };
    const asked = await order.member.send("POST", `/api/v1/orders/${order.orderId}/after-sales`, {
      ...{ ...wish, evidence: [`${"0".repeat(32)}.png`] },
    });
    expect(asked.status).toBe(422);
    // At once, so that several see the last free place.
    const many = Array.from({ length: 30 }, (_, at) => stored(order, pictureSaying(`${at}`)));
    const statuses = (await Promise.all(many)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(24);
    expect(statuses.filter((status) => status === 409)).toHaveLength(6);
    expect(await stored(order)).toMatchObject({ body: { reason: "too_many_pictures" } });
    const { objects } = await bindings.MEDIA.list({ prefix: folderOf(order) });
    expect(objects).toHaveLength(24);
  });

  it("lie sealed, after a rotation under the new key, and open in their own place only", async () => {
    const order = await bought();
    const secret = "the door of flat 301";
    const { path, name } = (await stored(order, pictureSaying(secret))).body;
    const before = await atRest(order, name);
    expect(before.subarray(0, 4).toString()).toBe("QDs1");
    for (const text of [secret, "PNG", "IDAT"]) expect(before.includes(text)).toBe(false);
    const rotated = (await mall.must("POST", "/api/v1/staff/vault/rotate", {})).body.version;
    expect((await order.member.get(path)).text).toContain(secret);
    while ((await resealEvidence(bindings, "demo")) > 0);
    expect(before.readUInt32BE(4)).toBeLessThan(rotated);
    expect((await atRest(order, name)).readUInt32BE(4)).toBe(rotated);
    expect((await order.member.get(path)).text).toContain(secret);
    const other = await bought();
    const strange = (await stored(other)).body;
    await bindings.MEDIA.put(folderOf(order) + name, await atRest(other, strange.name));
    expect((await order.member.get(path)).status).toBe(500);
  });
});
