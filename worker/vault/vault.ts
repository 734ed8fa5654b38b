/** Personal data at rest: sealed under a data key of the programme, which a secret of the deployment wraps. docs/fulfilment.md */
import { invariant } from "../kernel/invariant.ts";
import { parseKeyRing, type KeyRing } from "../kernel/key-ring.ts";
import { LIMITS } from "../kernel/limits.ts";
import { Lru } from "../kernel/lru.ts";
import {
  fingerprintOf,
  newKey,
  openBytes,
  openText,
  sealBytes,
  sealedBytesVersion,
  sealedVersion,
  sealText,
  unwrapKey,
  wrapKey,
  wrappedBy,
  type DataKey,
} from "../kernel/sealing.ts";
import type { Env } from "../platform/env.ts";
import { nextRows, type RoundList } from "../platform/rounds.ts";

const FINGERPRINT_KEY = 0;
const FIRST_DATA_KEY = 1;
/** An isolate learns of a new data key of another one after this time; what it seals meanwhile is resealed later. */
const FRESH_MS = 60_000;

interface Keys {
  readonly byVersion: ReadonlyMap<number, Buffer>;
  readonly newest: number;
  readonly readAtMs: number;
}

const cached = new Lru<string, Keys>(LIMITS.cachedSalesMax);
const ringOf = (env: Env): KeyRing => parseKeyRing(env.VAULT_KEYS);
const wrapContext = (programmeId: string, version: number): string =>
  `vault.${programmeId}.${version}`;
const contextOf = (programmeId: string, context: string): string => `${programmeId}\n${context}`;

/** The vault of one programme. `context` names the place of a text, such as `address:<id>`: it opens nowhere else. */
export interface Vault {
  seal(context: string, text: string): string;
  /** Throws when the text was changed or belongs elsewhere. */
  open(context: string, sealed: string): Promise<string>;
  /** Of a column that was not always sealed: what is not sealed is answered as it stands. */
  read(context: string, text: string): Promise<string>;
  /** Whether a text lies under the data key that seals now. */
  isNewest(text: string): boolean;
  /** The same for a file. Sealed it is 36 bytes longer. */
  sealBytes(context: string, bytes: Uint8Array): Uint8Array<ArrayBuffer>;
  openBytes(context: string, sealed: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
  /** Equal for equal texts of a kind, in this programme only. Stays through every rotation. */
  fingerprint(kind: string, text: string): string;
  /** The data key that seals now. */
  readonly version: number;
}

/** Makes the programme's keys when there are none. */
export async function openVault(env: Env, programmeId: string): Promise<Vault> {
  let keys = await keysOf(env, programmeId, false);
  const keyAt = (version: number): Buffer => {
    const key = keys.byVersion.get(version);
    invariant(key, "a sealed text names a data key that is there", { version });
    return key;
  };
  const newest = (): DataKey => ({ version: keys.newest, key: keyAt(keys.newest) });
  const placed = (context: string): string => contextOf(programmeId, context);
  const keyOf = async (version: number | null): Promise<DataKey> => {
    invariant(version !== null, "what is opened was sealed");
    // Another isolate may have sealed it under a key that is younger than this one's memory.
    if (!keys.byVersion.has(version)) keys = await keysOf(env, programmeId, true);
    return { version, key: keyAt(version) };
  };
  const open = async (context: string, sealed: string): Promise<string> => {
    const text = openText(await keyOf(sealedVersion(sealed)), placed(context), sealed);
    invariant(text !== null, "a sealed text opens in its own place only");
    return text;
  };
  return {
    version: keys.newest,
    seal: (context, text) => sealText(newest(), placed(context), text),
    open,
    read: async (context, text) => (sealedVersion(text) === null ? text : open(context, text)),
    isNewest: (text) => sealedVersion(text) === keys.newest,
    sealBytes: (context, bytes) => new Uint8Array(sealBytes(newest(), placed(context), bytes)),
    openBytes: async (context, sealed) => {
      const bytes = openBytes(await keyOf(sealedBytesVersion(sealed)), placed(context), sealed);
      invariant(bytes !== null, "a sealed file opens in its own place only");
      return new Uint8Array(bytes);
    },
    fingerprint: (kind, text) => fingerprintOf(keyAt(FINGERPRINT_KEY), kind, text),
  };
}

async function keysOf(env: Env, programmeId: string, isForced: boolean): Promise<Keys> {
  const cacheKey = `${env.VAULT_KEYS} ${programmeId}`;
  const known = cached.get(cacheKey);
  if (known && !isForced && Date.now() - known.readAtMs < FRESH_MS) return known;
  let keys = await readKeys(env, programmeId);
  if (keys.newest < FIRST_DATA_KEY || !keys.byVersion.has(FINGERPRINT_KEY)) {
    await addKey(env, programmeId, FINGERPRINT_KEY);
    await addKey(env, programmeId, FIRST_DATA_KEY);
    keys = await readKeys(env, programmeId);
  }
  cached.set(cacheKey, keys);
  return keys;
}

interface KeyRow {
  readonly programme_id: string;
  readonly version: number;
  readonly wrapped: string;
}

async function readKeys(env: Env, programmeId: string): Promise<Keys> {
  const { results } = await env.DB.prepare(
    "SELECT programme_id, version, wrapped FROM vault_keys WHERE programme_id = ?1",
  )
    .bind(programmeId)
    .all<KeyRow>();
  const ring = ringOf(env);
  const byVersion = new Map<number, Buffer>();
  for (const { version, wrapped } of results) {
    const key = unwrapKey(ring, wrapContext(programmeId, version), wrapped);
    invariant(key, "VAULT_KEYS has the secret that wrapped a programme's key", {
      keyId: wrappedBy(wrapped),
    });
    byVersion.set(version, key);
  }
  return { byVersion, newest: Math.max(-1, ...byVersion.keys()), readAtMs: Date.now() };
}

/** Two isolates may both make the first key: the row that came first is the key. */
async function addKey(env: Env, programmeId: string, version: number): Promise<void> {
  const wrapped = wrapKey(ringOf(env), wrapContext(programmeId, version), newKey());
  await env.DB.prepare(
    "INSERT INTO vault_keys (programme_id, version, wrapped, created_at_ms) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
  )
    .bind(programmeId, version, wrapped, Date.now())
    .run();
}

/** A new data key: what is written from now on lies under it, what was written before is resealed by the sweep. */
export async function rotateDataKey(env: Env, programmeId: string): Promise<number> {
  const { newest } = await keysOf(env, programmeId, true);
  await addKey(env, programmeId, newest + 1);
  return (await keysOf(env, programmeId, true)).newest;
}

/** Every rotation made a key, so the second one names each programme once. */
export const ROTATED: Omit<RoundList, "name"> = {
  ...{ rows: 200, by: ["programme_id"], start: [""], columns: "programme_id AS programmeId" },
  ...{ from: "vault_keys", where: "version = 2" },
};

/** Programmes whose data may lie under an older data key than the newest. `work` goes round them by itself. */
export async function rotatedProgrammes(env: Env, work: string): Promise<string[]> {
  const list = { ...ROTATED, name: `rotated:${work}` };
  const rows = await nextRows<{ programmeId: string }>(env.DB, list);
  return rows.map(({ programmeId }) => programmeId);
}

/** A key whose secret is gone stays as it is. */
export const WRAPPED: RoundList = {
  ...{ name: "vault_keys", rows: 500, by: ["programme_id", "version"], start: ["", 0] },
  ...{ columns: "programme_id, version, wrapped", from: "vault_keys" },
  where: "wrapped NOT LIKE ?3 || '.%'",
};

/** Wraps under the first secret of the ring what an older one wraps. Answers how many keys changed hands. */
export async function rewrapKeys(env: Env): Promise<number> {
  const ring = ringOf(env);
  const current = ring[0]?.keyId ?? "";
  const rows = await nextRows<KeyRow>(env.DB, WRAPPED, current);
  const updates = rows.flatMap(({ programme_id: programmeId, version, wrapped }) => {
    const context = wrapContext(programmeId, version);
    const key = unwrapKey(ring, context, wrapped);
    if (!key) return [];
    return env.DB.prepare(
      "UPDATE vault_keys SET wrapped = ?1 WHERE programme_id = ?2 AND version = ?3 AND wrapped = ?4",
    ).bind(wrapKey(ring, context, key), programmeId, version, wrapped);
  });
  if (updates.length > 0) await env.DB.batch(updates);
  return updates.length;
}
