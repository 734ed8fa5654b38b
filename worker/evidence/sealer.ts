/**
 * Publishes the Merkle root of each past day, a programme at a time, from the ledger that D1 mirrors: entries never change, so the
 * mirror is the ledger as soon as every Account has delivered that day. Which is asked of the Accounts themselves.
 */
import { startOfDayMs } from "../kernel/calendar.ts";
import { ZONE_OFFSET_MS } from "../kernel/clock.ts";
import { chunksOf, rootOfChunks } from "./chunks.ts";
import { EMPTY_ROOT } from "./merkle.ts";
import { FIRST_PREVIOUS, leafOf, rootBytes, rootHash, type DailyRoot } from "./receipt.ts";
import { signerOf, type Signer } from "./signing.ts";
import { EvidenceStore } from "./store.ts";

/** Clocks of objects may differ; a day is over for all of them this long after its midnight. */
const SETTLED_AFTER_MS = 300_000;
/** Days one run publishes for a programme, so that catching up is bounded. */
const DAYS_PER_RUN = 3;

export interface SealerPorts {
  readonly db: D1Database;
  readonly evidenceKeys: string;
  readonly nowMs: number;
  /** Whether every entry recorded before this moment is in D1. */
  readonly isProjectedThrough: (atMs: number) => Promise<boolean>;
}

/** Publishes what is due; gives the number of roots. Repeating it changes nothing. */
export async function sealDays(ports: SealerPorts): Promise<number> {
  const store = new EvidenceStore(ports.db);
  const signer = await signerOf(ports.evidenceKeys);
  await store.keepKeys(signer.keys, ports.nowMs);
  let published = 0;
  for (const programmeId of await store.programmes()) {
    for (let count = 0; count < DAYS_PER_RUN; count += 1) {
      if (!(await sealNextDay(ports, store, signer, programmeId))) break;
      published += 1;
    }
  }
  return published;
}

async function sealNextDay(
  ports: SealerPorts,
  store: EvidenceStore,
  signer: Signer,
  programmeId: string,
): Promise<boolean> {
  const [last] = await store.roots(programmeId, Number.MAX_SAFE_INTEGER, 1);
  const day = await store.firstDay(programmeId, last ? last.day + 1 : 0);
  if (day === null) return false;
  const endMs = startOfDayMs(day + 1, ZONE_OFFSET_MS);
  if (ports.nowMs < endMs + SETTLED_AFTER_MS) return false;
  if (!(await ports.isProjectedThrough(endMs))) return false;
  const receipts = await store.receiptsOf(programmeId, day);
  const chunks = chunksOf(receipts.map(leafOf));
  const root: DailyRoot = {
    ...{ programmeId, day, size: receipts.length },
    root: chunks.length === 0 ? EMPTY_ROOT : rootOfChunks(chunks.map((chunk) => chunk.root)),
    previous: last ? rootHash(last) : FIRST_PREVIOUS,
  };
  const { keyId, signature } = await signer.sign(rootBytes(root));
  const signed = { ...root, keyId, signature, publishedAtMs: ports.nowMs };
  await store.publish(signed, receipts, chunks);
  return true;
}
