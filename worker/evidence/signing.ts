/** Signs receipts and roots with Ed25519, by the first key of a ring; every key of it is published. */
import { invariant } from "../kernel/invariant.ts";
import { parseKeyRing } from "../kernel/key-ring.ts";

/** What stands before the 32 bytes of a private key in PKCS #8 (RFC 8410). */
const PKCS8_HEAD = "302e020100300506032b657004220420";

export interface PublicKey {
  readonly keyId: string;
  /** 32 bytes in base64url. */
  readonly publicKey: string;
}

export interface Signature {
  readonly keyId: string;
  /** 64 bytes in base64url. */
  readonly signature: string;
}

export interface Signer {
  readonly keys: readonly PublicKey[];
  sign(bytes: Uint8Array): Promise<Signature>;
}

const signers = new Map<string, Promise<Signer>>();

/** Reads `kid:seed,…`, once per setting. Throws on a setting that signs nothing. */
export function signerOf(setting: string): Promise<Signer> {
  let signer = signers.get(setting);
  if (!signer) signers.set(setting, (signer = makeSigner(setting)));
  return signer;
}

async function makeSigner(setting: string): Promise<Signer> {
  const ring = parseKeyRing(setting);
  const pairs = await Promise.all(ring.map(({ keyId, secret }) => pairOf(keyId, secret)));
  const [first] = pairs;
  invariant(first, "a ring has a key that signs");
  return {
    keys: pairs.map(({ keyId, publicKey }) => ({ keyId, publicKey })),
    sign: async (bytes) => {
      const made = await crypto.subtle.sign("Ed25519", first.privateKey, bytes);
      return { keyId: first.keyId, signature: Buffer.from(made).toString("base64url") };
    },
  };
}

async function pairOf(
  keyId: string,
  seed: string,
): Promise<PublicKey & { readonly privateKey: CryptoKey }> {
  invariant(/^[0-9a-f]{64}$/.test(seed), "a seed of an evidence key is 64 hex digits");
  const pkcs8 = Uint8Array.from(Buffer.from(PKCS8_HEAD + seed, "hex"));
  const made = await crypto.subtle.importKey("pkcs8", pkcs8, { name: "Ed25519" }, true, ["sign"]);
  const { x } = (await crypto.subtle.exportKey("jwk", made)) as { readonly x?: string };
  invariant(x, "a private key of Ed25519 tells its public one");
  return { keyId, publicKey: x, privateKey: made };
}
