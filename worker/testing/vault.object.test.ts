/** Personal data at rest, in the real runtime: what is sealed, where it opens, and both rotations. */
import { env } from "cloudflare:workers";
import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { beforeAll, describe, expect, inject, it } from "vitest";
import type { Env } from "../platform/env.ts";
import { openVault, reseal, rewrapKeys, rotateDataKey, type SealedColumn } from "../vault/index.ts";

const bindings = env as unknown as Env;
const PHONE = "13612340415";

beforeAll(async () => {
  await applyD1Migrations(bindings.DB, inject("d1Migrations" as never) as D1Migration[]);
  await bindings.DB.exec(
    "CREATE TABLE IF NOT EXISTS sealed_things (programme_id TEXT, id TEXT, sealed TEXT)",
  );
});

const COLUMN: SealedColumn = {
  table: "sealed_things",
  column: "sealed",
  key: ["id"],
  contextOf: ({ id }) => `thing:${id}`,
};

describe("the vault", () => {
  it("seals so that equal texts look different, and opens in their own place only", async () => {
    const vault = await openVault(bindings, "vault-a");
    const first = vault.seal("phone:1", PHONE);
    expect(first).not.toContain(PHONE);
    expect(vault.seal("phone:1", PHONE)).not.toBe(first);
    expect(await vault.open("phone:1", first)).toBe(PHONE);
    await expect(vault.open("phone:2", first)).rejects.toThrow("its own place");
    const other = await openVault(bindings, "vault-b");
    await expect(other.open("phone:1", first)).rejects.toThrow("its own place");
    const at = first.length - 4;
    const changed = first.slice(0, at) + (first[at] === "A" ? "B" : "A") + first.slice(at + 1);
    await expect(vault.open("phone:1", changed)).rejects.toThrow("its own place");
  });

  it("has one fingerprint for a text in a programme, and another in the next programme", async () => {
    const vault = await openVault(bindings, "vault-a");
    const other = await openVault(bindings, "vault-b");
    expect(vault.fingerprint("phone", PHONE)).toBe(vault.fingerprint("phone", PHONE));
    expect(vault.fingerprint("code", PHONE)).not.toBe(vault.fingerprint("phone", PHONE));
    expect(other.fingerprint("phone", PHONE)).not.toBe(vault.fingerprint("phone", PHONE));
  });

  it("makes one first key for many callers at once", async () => {
    const vaults = await Promise.all(
      Array.from({ length: 20 }, () => openVault(bindings, "vault-race")),
    );
    const [first] = vaults;
    const sealed = first?.seal("x", "1") ?? "";
    for (const vault of vaults) expect(await vault.open("x", sealed)).toBe("1");
  });

  it("rotates the data key: old texts open, new ones lie under the new key, and the sweep moves the old", async () => {
    const before = await openVault(bindings, "vault-c");
    const insert = bindings.DB.prepare("INSERT INTO sealed_things VALUES ('vault-c', ?1, ?2)");
    await insert.bind("a", before.seal("thing:a", PHONE)).run();
    expect(await rotateDataKey(bindings, "vault-c")).toBe(before.version + 1);
    const after = await openVault(bindings, "vault-c");
    expect(after.seal("thing:b", "x")).toMatch(/^s1\.2\./);
    expect(await reseal(bindings, "vault-c", [COLUMN])).toBe(1);
    expect(await reseal(bindings, "vault-c", [COLUMN])).toBe(0);
    const sealed = await bindings.DB.prepare(
      "SELECT sealed FROM sealed_things WHERE programme_id = 'vault-c'",
    ).first<string>("sealed");
    expect(sealed).toMatch(/^s1\.2\./);
    expect(await after.open("thing:a", sealed ?? "")).toBe(PHONE);
    expect(after.fingerprint("phone", PHONE)).toBe(before.fingerprint("phone", PHONE));
    // An isolate that had the keys before reads what a newer key sealed.
    expect(await before.open("thing:a", sealed ?? "")).toBe(PHONE);
  });

  it("rotates the ring: keys are wrapped by the new secret, and the old one may go", async () => {
    const old = { ...bindings, VAULT_KEYS: `old:${"o".repeat(40)}` };
    const sealed = (await openVault(old, "vault-d")).seal("p", PHONE);
    const both = { ...bindings, VAULT_KEYS: `new:${"n".repeat(41)},old:${"o".repeat(40)}` };
    expect(await (await openVault(both, "vault-d")).open("p", sealed)).toBe(PHONE);
    await rewrapKeys(both);
    const alone = { ...bindings, VAULT_KEYS: `new:${"n".repeat(41)}` };
    expect(await (await openVault(alone, "vault-d")).open("p", sealed)).toBe(PHONE);
    const wrapped = await bindings.DB.prepare(
      "SELECT DISTINCT substr(wrapped, 1, 4) AS kid FROM vault_keys WHERE programme_id = 'vault-d'",
    ).all<{ kid: string }>();
    expect(wrapped.results).toEqual([{ kid: "new." }]);
    const lost = { ...bindings, VAULT_KEYS: `gone:${"g".repeat(42)}` };
    await expect(openVault(lost, "vault-d")).rejects.toThrow("VAULT_KEYS");
  });
});
