/**
 * Publishes the Merkle root of each past day, a programme at a time, from the ledger that D1 mirrors: entries never change, so the
 * mirror is the ledger as soon as every Account has delivered that day. Which is asked of the Accounts themselves.
 */
import { startOfDayMs } from "../kernel/calendar.ts";
import { ZONE_OFFSET_MS } from "../kernel/clock.ts";
import { attemptEach } from "../platform/upkeep.ts";
import { Chunker, rootOfChunks, type PlacedChunk } from "./chunks.ts";
import { EMPTY_ROOT, type Hash } from "./merkle.ts";
import { FIRST_PREVIOUS, rootBytes, rootHash, type DailyRoot } from "./receipt.ts";
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
  await attemptEach("evidence", await store.programmes(), async (programmeId) => {
    for (let count = 0; count < DAYS_PER_RUN; count += 1) {
      if (!(await sealNextDay(ports, store, signer, programmeId))) break;
      published += 1;
    }
  });
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
  const { size, roots } = await keepLeaves(store, programmeId, day);
  const root: DailyRoot = {
    ...{ programmeId, day, size },
    root: roots.length === 0 ? EMPTY_ROOT : rootOfChunks(roots),
    previous: last ? rootHash(last) : FIRST_PREVIOUS,
  };
  const { keyId, signature } = await signer.sign(rootBytes(root));
  const signed = { ...root, keyId, signature, publishedAtMs: ports.nowMs };
  await store.publish(signed);
  return true;
}

/** Chunks whose leaves wait to be written together. */
const CHUNKS_PER_WRITE = 16;

/** Writes the leaves of a day as they are read: of a day with millions of entries a few thousand are in memory. */
async function keepLeaves(
  store: EvidenceStore,
  programmeId: string,
  day: number,
): Promise<{ readonly size: number; readonly roots: readonly Hash[] }> {
  const chunker = new Chunker();
  let waiting: PlacedChunk[] = [];
  for await (const receipt of store.receiptsOf(programmeId, day)) {
    const chunk = chunker.add(receipt);
    if (chunk) waiting.push(chunk);
    if (waiting.length < CHUNKS_PER_WRITE) continue;
    await store.keepChunks(programmeId, day, waiting);
    waiting = [];
  }
  const last = chunker.rest();
  await store.keepChunks(programmeId, day, last ? [...waiting, last] : waiting);
  return chunker;
}
