import { generateKeyPairSync, sign, verify } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Purse } from "../testing/points/purse.ts";
import {
  EMPTY_ROOT,
  inclusionProof,
  leafHash,
  memberTagOf,
  NO_LEAVES,
  receiptBytes,
  rootOf,
  rootOfLeaves,
  withLeaf,
  type Frontier,
  type Receipt,
} from "./index.ts";
import { inLeafOrder, isIncluded } from "../testing/evidence/day-of-receipts.ts";

/** https://github.com/google/certificate-transparency/blob/master/cpp/merkletree/merkle_tree_test.cc */
const CT_LEAVES = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
const CT_ROOTS = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));
const leavesOf = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => leafHash(Uint8Array.of(at % 256, at >> 8)));

describe("a Merkle tree", () => {
  it("has the roots of Certificate Transparency's test vectors", () => {
    const leaves = CT_LEAVES.map((leaf) => leafHash(hex(leaf)));
    expect(EMPTY_ROOT).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CT_ROOTS.forEach((root, at) => expect(rootOfLeaves(leaves.slice(0, at + 1))).toBe(root));
  });

  it("grows leaf by leaf to the same root", () => {
    fc.assert(
      fc.property(fc.nat(200), (count) => {
        const leaves = leavesOf(count);
        const frontier = leaves.reduce<Frontier>(withLeaf, NO_LEAVES);
        expect(rootOf(frontier)).toBe(rootOfLeaves(leaves));
        expect(frontier.peaks.length).toBeLessThanOrEqual(8);
      }),
    );
  });

  it("proves each leaf, and no other leaf, place, size or root", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(69), fc.nat(400), (size, at, noise) => {
        const leaves = leavesOf(size);
        const index = at % size;
        const leaf = leaves[index] ?? "";
        const root = rootOfLeaves(leaves);
        const proof = inclusionProof(leaves, index);
        expect(isIncluded(leaf, index, size, proof, root)).toBe(true);
        const stranger = leafHash(Uint8Array.of(9, 9, 9));
        expect(isIncluded(stranger, index, size, proof, root)).toBe(false);
        expect(isIncluded(leaf, index, size, proof, stranger)).toBe(false);
        expect(isIncluded(leaf, size, size, proof, root)).toBe(false);
        expect(isIncluded(leaf, index, size, [...proof, stranger], root)).toBe(false);
        if (size > 1) {
          const place = (index + 1 + (noise % (size - 1))) % size;
          expect(isIncluded(leaf, place, size, proof, root)).toBe(false);
          expect(isIncluded(leaf, index, size, proof.slice(1), root)).toBe(false);
        }
      }),
    );
  });
});

const TAG_KEY = new Uint8Array(32).fill(7);

/** Receipts of a few members' real ledgers, in leaf order. */
function receiptsOf(purses: readonly Purse[], day: number): Receipt[] {
  return purses
    .flatMap((purse) =>
      purse.entries.map(({ seq, prevHash, hash }) => ({
        programmeId: "demo",
        memberTag: memberTagOf(purse.wallet.memberKey, TAG_KEY),
        seq,
        day,
        prevHash,
        hash,
      })),
    )
    .sort(inLeafOrder);
}

function pursesOf(count: number): Purse[] {
  return Array.from({ length: count }, (_, at) => {
    const purse = new Purse(`demo:m${at}`);
    purse.credit("a", 10 + at, 0);
    purse.spend("o", 4, 1);
    return purse;
  });
}

describe("a receipt", () => {
  it("is signed over bytes that say all of it and nothing twice", () => {
    const [receipt] = receiptsOf(pursesOf(1), 20_000);
    if (!receipt) throw new Error("a receipt");
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const signature = sign(null, receiptBytes(receipt), privateKey);
    expect(verify(null, receiptBytes(receipt), publicKey, signature)).toBe(true);
    expect(verify(null, receiptBytes({ ...receipt, seq: 9 }), publicKey, signature)).toBe(false);
    expect(new TextDecoder().decode(receiptBytes(receipt))).toBe(
      `["qiangdui.receipt.v1","demo","${receipt.memberTag}",1,20000,"${receipt.prevHash}","${receipt.hash}"]`,
    );
  });

  it("names no person, and none once the programme's key is gone", () => {
    const text = JSON.stringify(receiptsOf(pursesOf(3), 1));
    expect(text).not.toContain("demo:m");
    const other = new Uint8Array(32).fill(8);
    expect(memberTagOf("demo:m1", TAG_KEY)).not.toBe(memberTagOf("demo:m1", other));
  });
});
