/** Card codes in the real runtime: one code, one order, once; whoever races, repeats or crashes. */
import { env } from "cloudflare:workers";
import { abortAllDurableObjects } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { CodeVault } from "../fulfilment/code-vault-object.ts";
import type { Env } from "../platform/env.ts";

const bindings = env as unknown as Env;
let made = 0;

async function vaultWith(count: number): Promise<DurableObjectStub<CodeVault>> {
  made += 1;
  const vault = bindings.CODES.getByName(`demo.codes-${made}`);
  const codes = Array.from({ length: count }, (_, at) => ({ sealed: `s-${at}`, print: `p-${at}` }));
  await vault.import("first", codes);
  return vault;
}

const look = { by: "member", reason: "" } as const;

describe("the code vault", () => {
  it("gives its last code to one of a hundred racers", async () => {
    const vault = await vaultWith(1);
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, at) => vault.issue(`demo:m-${at} order`, 1)),
    );
    const won = replies.flatMap(({ kind }, at) => (kind === "issued" ? [at] : []));
    expect(won).toHaveLength(1);
    expect(replies.filter(({ kind }) => kind === "short")).toHaveLength(99);
    const seen = await vault.reveal({ orderKey: `demo:m-${won[0]} order`, ...look });
    expect(seen).toMatchObject({ kind: "revealed", sealed: ["s-0"], isFirst: true });
    expect(await vault.standing()).toEqual({ free: 0, issued: 1, withdrawn: 0, revealed: 1 });
  });

  it("gives a hundred racers their own codes each, and no code twice", async () => {
    const vault = await vaultWith(150);
    const orders = Array.from({ length: 100 }, (_, at) => `demo:m-${at} order`);
    // Each of them asks twice, as somebody does whose first answer was lost.
    const replies = await Promise.all([...orders, ...orders].map((order) => vault.issue(order, 1)));
    expect(replies.every(({ kind }) => kind === "issued")).toBe(true);
    expect(replies.filter((one) => one.kind === "issued" && one.isRepeat)).toHaveLength(100);
    const seen = await Promise.all(orders.map((orderKey) => vault.reveal({ orderKey, ...look })));
    const codes = seen.flatMap((one) => (one.kind === "revealed" ? one.sealed : []));
    expect(new Set(codes).size).toBe(100);
    expect(await vault.standing()).toMatchObject({ free: 50, issued: 100 });
  });

  it("answers an order the same after its object died in between", async () => {
    const vault = await vaultWith(3);
    expect(await vault.issue("demo:a order", 2)).toMatchObject({ kind: "issued", isRepeat: false });
    await abortAllDurableObjects();
    const again = bindings.CODES.getByName(`demo.codes-${made}`);
    expect(await again.issue("demo:a order", 2)).toMatchObject({ kind: "issued", isRepeat: true });
    const seen = await again.reveal({ orderKey: "demo:a order", ...look });
    expect(seen).toMatchObject({ kind: "revealed", sealed: ["s-0", "s-1"] });
    expect(await again.issue("demo:b order", 2)).toEqual({ kind: "short", free: 1 });
    expect(await again.standing()).toMatchObject({ free: 1, issued: 2 });
  });

  it("shows codes once; again only to whoever says why, and writes each look down", async () => {
    const vault = await vaultWith(1);
    await vault.issue("demo:a order", 1);
    const byStaff = { orderKey: "demo:a order", by: "staff:li" } as const;
    expect(await vault.reveal({ ...byStaff, reason: "" })).toMatchObject({ kind: "reason_needed" });
    expect(await vault.reveal({ orderKey: "demo:a order", ...look })).toMatchObject({
      isFirst: true,
    });
    const again = await vault.reveal({ orderKey: "demo:a order", ...look });
    expect(again).toMatchObject({ kind: "reason_needed" });
    expect(await vault.reveal({ ...byStaff, reason: "member lost it" })).toMatchObject({
      kind: "revealed",
      isFirst: false,
    });
    const looks = await vault.looks("demo:a order");
    expect(looks.map(({ by, reason }) => [by, reason])).toEqual([
      ["staff:li", "member lost it"],
      ["member", ""],
    ]);
  });

  it("gives an unseen code to the next order when its own was given back, a seen one never", async () => {
    const vault = await vaultWith(2);
    await vault.issue("demo:a order", 1);
    expect(await vault.takeBack("demo:a order", 1)).toEqual({ kind: "returned" });
    expect(await vault.takeBack("demo:a order", 1)).toEqual({ kind: "returned" });
    expect(await vault.issue("demo:a order", 1)).toEqual({ kind: "returned" });
    expect(await vault.reveal({ orderKey: "demo:a order", ...look })).toEqual({
      kind: "not_issued",
    });
    await vault.issue("demo:b order", 2);
    await vault.reveal({ orderKey: "demo:b order", ...look });
    expect(await vault.takeBack("demo:b order", 2)).toEqual({ kind: "revealed" });
    expect(await vault.takeBack("demo:early order", 1)).toEqual({ kind: "returned" });
    expect(await vault.issue("demo:early order", 1)).toEqual({ kind: "returned" });
  });

  it("takes a code in once, however often and from whichever list it comes", async () => {
    const vault = await vaultWith(2);
    const reply = await vault.import("second", [
      { sealed: "again", print: "p-1" },
      { sealed: "new", print: "p-9" },
      { sealed: "new too", print: "p-9" },
    ]);
    expect(reply).toEqual({ added: 1, duplicates: [0, 2], free: 3 });
    expect(await vault.withdraw("second")).toEqual({ withdrawn: 1 });
    expect(await vault.standing()).toMatchObject({ free: 2, withdrawn: 1 });
  });
});
