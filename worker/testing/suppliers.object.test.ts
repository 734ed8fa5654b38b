/** What a supplier who ships by themselves is given, and how their numbers come back, in the real runtime and D1. */
import { beforeAll, describe, expect, it, vi } from "vitest";
import { bindings, migrate } from "./object-catalogue.ts";
import { Mall, newId, RECIPIENT, stateOf } from "./object-fulfilment.ts";

vi.setConfig({ testTimeout: 120_000 });

let mall: Mall;
beforeAll(async () => {
  await migrate();
  mall = await Mall.open();
});

describe("suppliers", () => {
  const name = `云山供货 ${newId().slice(0, 8)}`;
  const asked = (sender: string): string =>
    `/api/v1/staff/orders?${new URLSearchParams({ state: "to_ship", supplier: name, sender }).toString()}`;
  const standing = async (): Promise<unknown> => {
    const { items } = (await mall.staff.get("/api/v1/staff/suppliers?limit=100")).body;
    return items.find((one: { supplier: string }) => one.supplier === name);
  };

  it("get a file of what they send, and their numbers come back by the list", async () => {
    const supplier = { name, code: "Y-100", isDropShipped: true };
    const theirs = await mall.goods("physical", 9, { supplier, costFen: 43_210 });
    const ours = await mall.goods("physical", 9, {
      supplier: { ...supplier, isDropShipped: false },
    });
    const member = await mall.member();
    const [far, near, nowhere] = [
      await mall.order(member, theirs, 3),
      await mall.order(member, ours),
      await mall.order(member, theirs),
    ];
    await mall.address(member, far);
    await mall.address(member, near);
    await mall.refundOne(member, far);
    await vi.waitFor(
      async () => expect(await standing()).toMatchObject({ supplierSends: 2, shopSends: 1 }),
      { timeout: 20_000, interval: 100 },
    );
    const idsOf = async (sender: string): Promise<string[]> =>
      (await mall.staff.get(asked(sender))).body.items.map(
        (one: { orderId: string }) => one.orderId,
      );
    expect([await idsOf("supplier"), await idsOf("shop")]).toEqual([[nowhere, far], [near]]);

    const path = `/api/v1/staff/orders/supplier-file?${new URLSearchParams({ supplier: name }).toString()}`;
    // D1 hears of what was given back a moment later.
    await vi.waitFor(
      async () => {
        const row = await bindings.DB.prepare(
          "SELECT state FROM after_sales WHERE programme_id = 'demo' AND order_id = ?1",
        )
          .bind(far)
          .first();
        expect(row).toEqual({ state: "done" });
      },
      { timeout: 20_000, interval: 100 },
    );
    const file = await mall.staff.get(path);
    const [head = "", ...lines] = file.text.replace("\ufeff", "").trimEnd().split("\r\n");
    // Nobody is sent anything without an address, and the shop's own parcels are none of theirs.
    expect(lines).toHaveLength(1);
    const [line = ""] = lines;
    expect(line).toContain(`${far},`);
    // Of three units one was given back.
    expect(line).toContain(`,Y-100,,2,${RECIPIENT.name},${RECIPIENT.phone},`);
    const log = (
      await mall.staff.get(`/api/v1/staff/audit-log?subject=supplier:${encodeURIComponent(name)}`)
    ).body;
    expect(log.items).toMatchObject([
      {
        entry: {
          subject: `supplier:${name}`,
          after: { orders: 1, fields: ["name", "phone", "address"] },
        },
      },
    ]);
    const { reveals } = (await mall.staff.get(`/api/v1/staff/orders/${member.memberId}/${far}`))
      .body;
    expect(reveals).toMatchObject([{ what: "address", reason: `supplier: ${name}` }]);

    const back = `${head}\n${line.replace(/,,$/, ",顺丰,SF9876543210123")}`;
    const sent = await mall.staff.send("POST", "/api/v1/staff/shipments/import", back, "text/csv");
    expect(sent.body).toMatchObject({ sent: 1, repeated: 0, bad: [], lines: 1, nextLine: null });
    expect(await stateOf(member, far)).toBe("shipped");
    await vi.waitFor(
      async () => expect(await standing()).toMatchObject({ supplierSends: 1, shopSends: 1 }),
      { timeout: 20_000, interval: 100 },
    );

    // As a number of its own: ids and moments may have these digits in them.
    const told = /云山供货|Y-100|(?<![\w-])43210(?![\w-])/;
    for (const read of [
      `/api/v1/goods/${theirs}`,
      "/api/v1/goods?limit=100",
      `/api/v1/orders/${far}`,
    ])
      expect((await member.get(read)).text).not.toMatch(told);
  });
});
