import { createPublicKey, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { signerOf, type PublicKey } from "./index.ts";

const OLD = `k1:${"1".repeat(64)}`;
const NEW = `k2:${"ab".repeat(32)}`;
const bytes = new TextEncoder().encode("receipt");

function isValid(keys: readonly PublicKey[], keyId: string, signature: string): boolean {
  const x = keys.find((key) => key.keyId === keyId)?.publicKey ?? "";
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return verify(null, bytes, key, Buffer.from(signature, "base64url"));
}

describe("a ring of evidence keys", () => {
  it("has the public key of RFC 8032, test 1", async () => {
    const seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    const { keys } = await signerOf(`rfc:${seed}`);
    expect(Buffer.from(keys[0]?.publicKey ?? "", "base64url").toString("hex")).toBe(
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    );
  });

  it("signs by its first key, and names all, so that rotated ones verify on", async () => {
    const before = await (await signerOf(OLD)).sign(bytes);
    const rotated = await signerOf(`${NEW},${OLD}`);
    const after = await rotated.sign(bytes);
    expect([before.keyId, after.keyId]).toEqual(["k1", "k2"]);
    expect(isValid(rotated.keys, before.keyId, before.signature)).toBe(true);
    expect(isValid(rotated.keys, after.keyId, after.signature)).toBe(true);
    expect(isValid(rotated.keys, "k1", after.signature)).toBe(false);
  });

  it.each(["", "k1", `k1:${"1".repeat(63)}`, `k1:${"g".repeat(64)}`])(
    "refuses a setting that signs nothing: %s",
    async (setting) => {
      await expect(signerOf(setting)).rejects.toThrow();
    },
  );
});
