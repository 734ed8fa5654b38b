import { z } from "@hono/zod-openapi";

const hash = z.string().describe("SHA-256 in hex.");

export const publicKeySchema = z.object({
  keyId: z.string(),
  publicKey: z.string().describe("Ed25519, 32 bytes in base64url."),
});

export const signedRootSchema = z
  .object({
    programmeId: z.string(),
    day: z.string().describe("Programme day, YYYY-MM-DD."),
    dayNumber: z.int().describe("The same, in days since 1970-01-01; this is what is signed."),
    size: z.int().describe("Entries of the day."),
    root: hash,
    previous: hash.describe("Hash of the root published before; zeros for the first."),
    keyId: z.string(),
    signature: z.string().describe("Ed25519, 64 bytes in base64url."),
    publishedAtMs: z.int(),
  })
  .openapi("DailyRoot");
export type SignedRootView = z.infer<typeof signedRootSchema>;

export const rootsSchema = z
  .object({
    programmeId: z.string(),
    keys: z.array(publicKeySchema).describe("Every key that ever signed."),
    roots: z.array(signedRootSchema).describe("Newest first."),
    nextBefore: z.string().nullable().describe("Pass as `before` for the next page."),
  })
  .openapi("DailyRoots");

export const receiptSchema = z
  .object({
    receipt: z.object({
      programmeId: z.string(),
      memberTag: z.string().describe("Keyed hash of the member; names nobody."),
      seq: z.int(),
      day: z.int().describe("Programme day on which it was recorded, days since 1970-01-01."),
      prevHash: hash,
      hash,
    }),
    entryText: z.string().describe("What was hashed into `receipt.hash`, in UTF-8."),
    keyId: z.string(),
    publicKey: z.string(),
    signature: z.string().describe("Over the receipt, as docs/points.md writes it."),
    inclusion: z
      .object({ index: z.int(), path: z.array(hash), root: signedRootSchema })
      .nullable()
      .describe("Null until the root of its day is published."),
  })
  .openapi("Receipt");
export type ReceiptView = z.infer<typeof receiptSchema>;
