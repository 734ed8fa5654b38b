import { z } from "@hono/zod-openapi";
import { accountOf, dayText } from "../accounts/index.ts";
import { hashedText } from "../accounts/points/index.ts";
import { dayOf } from "../kernel/calendar.ts";
import { programmeDay, ZONE_OFFSET_MS } from "../kernel/clock.ts";
import { PROGRAMME_ID_PATTERN } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api } from "../platform/http/api.ts";
import { describeError, log } from "../platform/log.ts";
import { proofInChunk } from "./chunks.ts";
import { leafOf, memberTagOf, receiptBytes, type Receipt } from "./receipt.ts";
import { signerOf } from "./signing.ts";
import { EvidenceStore, type SignedRoot } from "./store.ts";
import { receiptSchema, rootsSchema, type ReceiptView, type SignedRootView } from "./wire.ts";

/** A day of the calendar, as its number. */
const dayParam = z
  .string()
  .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/, "reads YYYY-MM-DD")
  .transform((text) => {
    const [year = 0, month = 0, day = 0] = text.split("-").map(Number);
    return { text, number: dayOf({ year, month, day }) };
  })
  .refine(({ text, number }) => dayText(number) === text, "is no day of the calendar")
  .transform(({ number }) => number);

const seq = z
  .string()
  .regex(/^[1-9][0-9]{0,14}$/, "counts from 1")
  .transform(Number);

/** Receipts for a member, roots for anybody. */
export function evidenceRoutes(api: Api): void {
  receiptRoute(api);
  rootsRoute(api);
}

function receiptRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/me/points/entries/{seq}/receipt",
      access: "member",
      tag: "Points",
      summary: "A signed receipt of one entry; docs/verify-receipt.mjs verifies it offline",
      params: z.object({ seq }),
      responses: { 200: { description: "Signed as it is read", schema: receiptSchema } },
      problems: ["not_found"],
    },
    async ({ env, session, params, problem }) => {
      const { memberKey, programmeId } = session;
      const entry = await accountOf(env, memberKey).entry(memberKey, params.seq);
      if (!entry) return problem("not_found");
      try {
        const store = new EvidenceStore(env.DB);
        const receipt: Receipt = {
          programmeId,
          memberTag: memberTagOf(memberKey, await store.tagKey(programmeId)),
          seq: entry.seq,
          day: programmeDay(entry.recordedAtMs, ZONE_OFFSET_MS),
          prevHash: entry.prevHash,
          hash: entry.hash,
        };
        return json(await receiptView(store, env.EVIDENCE_KEYS, receipt, hashedText(entry)));
      } catch (error) {
        log("receipt_failed", { error: describeError(error) });
        return problem("unavailable", {}, 5);
      }
    },
  );
}

async function receiptView(
  store: EvidenceStore,
  evidenceKeys: string,
  receipt: Receipt,
  entryText: string,
): Promise<ReceiptView> {
  const signer = await signerOf(evidenceKeys);
  const { keyId, signature } = await signer.sign(receiptBytes(receipt));
  const publicKey = signer.keys.find((key) => key.keyId === keyId)?.publicKey ?? "";
  const inclusion = await inclusionOf(store, receipt);
  return { receipt: { ...receipt }, entryText, keyId, publicKey, signature, inclusion };
}

/** Null before the day is published. An entry that the published day does not have has no proof either. */
async function inclusionOf(
  store: EvidenceStore,
  receipt: Receipt,
): Promise<ReceiptView["inclusion"]> {
  const root = await store.root(receipt.programmeId, receipt.day);
  const found = root && (await store.chunkFor(receipt));
  if (!found) return null;
  const proof = proofInChunk(leafOf(receipt), found.chunk, found.leaves, found.chunkRoots);
  return proof && { index: proof.index, path: [...proof.path], root: rootView(root) };
}

function rootView(root: SignedRoot): SignedRootView {
  const { programmeId, day, size, previous, keyId, signature, publishedAtMs } = root;
  return {
    ...{ programmeId, day: dayText(day), dayNumber: day, size, root: root.root, previous },
    ...{ keyId, signature, publishedAtMs },
  };
}

function rootsRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/evidence/{programmeId}/roots",
      access: "public",
      tag: "Points",
      summary: "Published daily roots of a programme's ledger, and the keys that signed them",
      params: z.object({ programmeId: z.string().regex(PROGRAMME_ID_PATTERN) }),
      query: z.object({
        day: dayParam.optional().describe("Only this day."),
        before: dayParam.optional().describe("Only days before this one."),
        limit: z.coerce.number().int().min(1).max(LIMITS.pageRowsMax).default(31),
      }),
      responses: { 200: { description: "Newest first", schema: rootsSchema } },
      problems: ["not_found"],
    },
    async ({ env, params: { programmeId }, query, problem }) => {
      const { day, limit } = query;
      try {
        const store = new EvidenceStore(env.DB);
        const before = day === undefined ? (query.before ?? Number.MAX_SAFE_INTEGER) : day + 1;
        const rows = await store.roots(programmeId, before, day === undefined ? limit + 1 : 1);
        const roots = rows.filter((root) => day === undefined || root.day === day).slice(0, limit);
        const isKnown = rows.length > 0 || programmeId === env.DEFAULT_PROGRAMME;
        if (!isKnown && !(await store.programmes()).includes(programmeId)) {
          return problem("not_found");
        }
        const last = roots.at(-1);
        return json({
          programmeId,
          keys: await publicKeys(store, env.EVIDENCE_KEYS),
          roots: roots.map(rootView),
          nextBefore: rows.length > limit && last ? dayText(last.day) : null,
        });
      } catch (error) {
        log("roots_failed", { error: describeError(error) });
        return problem("unavailable", {}, 5);
      }
    },
  );
}

/** Those of the ring, which sign receipts from now on, and those that signed before. */
async function publicKeys(store: EvidenceStore, evidenceKeys: string) {
  const signer = await signerOf(evidenceKeys);
  const known = new Map(
    [...(await store.keys()), ...signer.keys].map((key) => [key.publicKey, key]),
  );
  return [...known.values()];
}
