/**
 * Pictures of evidence show people, homes and damage. R2 keeps them sealed under the programme's data key, named by a keyed
 * print of their bytes; D1 says which there are and under which key each lies.
 */
import { splitMemberKey, type MemberAddress } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import { nextRows, type RoundList } from "../platform/rounds.ts";
import { attemptEach } from "../platform/upkeep.ts";
import { openVault, type Vault } from "../vault/index.ts";

/** Of one order; a case shows six, and there may be another case. */
export const PICTURES_MAX = 24;
const RESEALED_PER_RUN = 20;
const NAME_HEX = 32;

export interface OrderAt {
  readonly memberKey: string;
  readonly orderId: string;
}

interface Place extends MemberAddress {
  readonly orderId: string;
  readonly name: string;
}

const placeOf = ({ memberKey, orderId }: OrderAt, name: string): Place => ({
  ...splitMemberKey(memberKey),
  orderId,
  name,
});
const pathOf = ({ programmeId, memberId, orderId, name }: Place): string =>
  `evidence/${programmeId}/${encodeURIComponent(memberId)}/${orderId}/${name}`;
const contextOf = ({ memberId, orderId, name }: Place): string =>
  `evidence:${memberId}:${orderId}:${name}`;

export class EvidenceStore {
  readonly #env: Env;
  readonly #at: OrderAt;

  constructor(env: Env, at: OrderAt) {
    this.#env = env;
    this.#at = at;
  }

  /** Which of these pictures nobody has stored for the order. */
  async missing(names: readonly string[]): Promise<string[]> {
    if (names.length === 0) return [];
    const stored = new Set(await this.#names());
    return names.filter((name) => !stored.has(name));
  }

  /** `file` is named by the bare hash of its bytes. Null: the order has too many pictures; else what it is called here. */
  async store(file: string, bytes: Uint8Array<ArrayBuffer>, nowMs: number): Promise<string | null> {
    const { programmeId } = splitMemberKey(this.#at.memberKey);
    const vault = await openVault(this.#env, programmeId);
    const place = placeOf(this.#at, printedName(vault, file));
    const { name } = place;
    const before = await this.#names();
    if (before.includes(name)) return name;
    if (before.length >= PICTURES_MAX) return null;
    const { version } = vault;
    await put(this.#env, place, vault.sealBytes(contextOf(place), bytes));
    // Counted once more where it is decided: two uploads may both have seen the last free place.
    await this.#env.DB.prepare(
      `INSERT INTO evidence_pictures (programme_id, member_id, order_id, name, key_version, stored_at_ms)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE (SELECT COUNT(*) FROM evidence_pictures
         WHERE programme_id = ?1 AND member_id = ?2 AND order_id = ?3) < ${PICTURES_MAX} ON CONFLICT DO NOTHING`,
    )
      .bind(programmeId, place.memberId, place.orderId, name, version, nowMs)
      .run();
    if ((await this.#names()).includes(name)) return name;
    await this.#env.MEDIA.delete(pathOf(place));
    return null;
  }

  /** The picture as it was sent. Null: nobody stored it with this order. */
  async read(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const place = placeOf(this.#at, name);
    const found = await this.#env.MEDIA.get(pathOf(place));
    if (!found) return null;
    const vault = await openVault(this.#env, place.programmeId);
    return vault.openBytes(contextOf(place), new Uint8Array(await found.arrayBuffer()));
  }

  async #names(): Promise<string[]> {
    const { programmeId, memberId } = splitMemberKey(this.#at.memberKey);
    const { results } = await this.#env.DB.prepare(
      "SELECT name FROM evidence_pictures WHERE programme_id = ?1 AND member_id = ?2 AND order_id = ?3",
    )
      .bind(programmeId, memberId, this.#at.orderId)
      .all<{ name: string }>();
    return results.map(({ name }) => name);
  }
}

/** Whoever reads the bucket cannot tell a known picture by its hash. */
function printedName(vault: Vault, file: string): string {
  const [hash = "", ending = ""] = file.split(".", 2);
  const print = Buffer.from(vault.fingerprint("evidence", hash), "base64url").toString("hex");
  return `${print.slice(0, NAME_HEX)}.${ending}`;
}

async function put(env: Env, place: Place, sealed: Uint8Array<ArrayBuffer>): Promise<void> {
  const httpMetadata = { contentType: "application/octet-stream" };
  await env.MEDIA.put(pathOf(place), sealed, { httpMetadata });
}

interface SealedRow {
  readonly memberId: string;
  readonly orderId: string;
  readonly name: string;
}

export const UNSEALED_PICTURES: Omit<RoundList, "name"> = {
  ...{ rows: RESEALED_PER_RUN, by: ["member_id", "order_id", "name"], start: ["", "", ""] },
  ...{ columns: "member_id AS memberId, order_id AS orderId, name", from: "evidence_pictures" },
  where: "programme_id = ?4 AND key_version < ?5",
};

/**
 * After a rotation: seals anew what lies under an older data key, some pictures at a time. A picture says itself under which
 * key it lies, so one that was sealed anew and not noted opens all the same.
 */
export async function resealEvidence(env: Env, programmeId: string): Promise<number> {
  const vault = await openVault(env, programmeId);
  const list = { ...UNSEALED_PICTURES, name: `evidence_pictures:${programmeId}` };
  const rows = await nextRows<SealedRow>(env.DB, list, programmeId, vault.version);
  await attemptEach("reseal", rows, async ({ memberId, orderId, name }) => {
    const place = { programmeId, memberId, orderId, name };
    const found = await env.MEDIA.get(pathOf(place));
    if (found) {
      const sealed = new Uint8Array(await found.arrayBuffer());
      const bytes = await vault.openBytes(contextOf(place), sealed);
      await put(env, place, vault.sealBytes(contextOf(place), bytes));
    }
    await env.DB.prepare(
      "UPDATE evidence_pictures SET key_version = ?1 WHERE programme_id = ?2 AND member_id = ?3 AND order_id = ?4 AND name = ?5",
    )
      .bind(vault.version, programmeId, memberId, orderId, name)
      .run();
  });
  return rows.length;
}
