// Verifies a receipt offline: node verify-receipt.mjs receipt.json [roots.json]
// receipt.json: the answer of GET /api/v1/me/points/entries/:seq/receipt
// roots.json: the answer of GET /api/v1/evidence/:programmeId/roots, saved when it was published;
//   without it the keys and the root that stand in the receipt itself are believed.
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";

const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const [given, published] = process.argv.slice(2).map(read);
const sha256 = (...parts) =>
  parts.reduce((made, part) => made.update(part), createHash("sha256")).digest();

function demand(holds, why) {
  if (holds) return;
  console.error(`NOT VALID: ${why}`);
  process.exit(1);
}

function isSigned(text, { keyId, signature }) {
  const keys = published?.keys ?? [given];
  return keys.some(({ publicKey: x, ...key }) => {
    if (key.keyId !== keyId) return false;
    const made = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    return verify(null, Buffer.from(text), made, Buffer.from(signature, "base64url"));
  });
}

const { programmeId, memberTag, seq, day, prevHash, hash } = given.receipt;
const fields = ["qiangdui.receipt.v1", programmeId, memberTag, seq, day, prevHash, hash];
const text = JSON.stringify(fields);
const sealed = sha256(given.entryText).toString("hex");
demand(sealed === hash, "the entry is not the one that was sealed");
demand(isSigned(text, given), "the receipt is not signed by its key");
console.log(`signed    entry ${seq} of ${programmeId}: ${given.entryText}`);
if (!given.inclusion) {
  console.log("no proof  the root of its day is not published yet");
  process.exit(0);
}

const { index, path, root } = given.inclusion;
const rootFields = ["qiangdui.root.v1", programmeId, day, root.size, root.root, root.previous];
const known = published?.roots.find((one) => one.dayNumber === day);
demand(root.programmeId === programmeId && root.dayNumber === day, "the root is of another day");
demand(isSigned(JSON.stringify(rootFields), root), "the root is not signed by its key");
demand(!published || known?.root === root.root, "the root is not the one that was published");
let [at, last, node] = [index, root.size - 1, sha256(Uint8Array.of(0), text)];
for (const beside of path.map((one) => Buffer.from(one, "hex"))) {
  demand(last > 0, "the proof is too long");
  if (at % 2 === 1 || at === last) {
    node = sha256(Uint8Array.of(1), beside, node);
    for (; at % 2 === 0 && at !== 0; at >>= 1) last >>= 1;
  } else node = sha256(Uint8Array.of(1), node, beside);
  [at, last] = [at >> 1, last >> 1];
}
demand(last === 0 && node.toString("hex") === root.root, "the receipt is not under the root");
console.log(`included  under the root of ${root.day}, entry ${index + 1} of ${root.size}`);
