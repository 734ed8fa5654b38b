/**
 * WebCrypto within a turn: Node's own answers from another thread, at a moment that no seed decides. A signature is a keyed
 * hash here, so both keys of a pair are the same secret; sealing is the real AES-GCM.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac } from "node:crypto";

interface SimKey {
  readonly bytes: Buffer;
}

interface Sealing {
  readonly iv: Uint8Array;
  readonly additionalData: Uint8Array;
}

const TAG_BYTES = 16;

const signatureOf = ({ bytes }: SimKey, text: Uint8Array): Buffer =>
  createHmac("sha256", bytes).update(text).digest();

export const simSubtle = {
  async importKey(_format: string, bytes: Uint8Array): Promise<SimKey> {
    return { bytes: Buffer.from(bytes) };
  },
  async sign(_name: string, key: SimKey, text: Uint8Array): Promise<Buffer> {
    return signatureOf(key, text);
  },
  async verify(
    _name: string,
    key: SimKey,
    signature: Uint8Array,
    text: Uint8Array,
  ): Promise<boolean> {
    return signatureOf(key, text).equals(signature);
  },
  async encrypt({ iv, additionalData }: Sealing, key: SimKey, text: Uint8Array): Promise<Buffer> {
    const cipher = createCipheriv("aes-256-gcm", key.bytes, iv).setAAD(additionalData);
    return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  },
  async decrypt({ iv, additionalData }: Sealing, key: SimKey, sealed: Uint8Array): Promise<Buffer> {
    const end = sealed.length - TAG_BYTES;
    const decipher = createDecipheriv("aes-256-gcm", key.bytes, iv).setAAD(additionalData);
    decipher.setAuthTag(sealed.subarray(end));
    return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
  },
  async digest(name: string, bytes: Uint8Array): Promise<Buffer> {
    return createHash(name.replace("-", "")).update(bytes).digest();
  },
};
