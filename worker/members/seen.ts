/** A member came: their row in the register, with what the sign-in knows of them. */
import type { Env } from "../platform/env.ts";
import { openVault, type SealedColumn } from "../vault/index.ts";

export interface Sight {
  /** As they are called elsewhere; undefined keeps what is known. */
  readonly displayName?: string | undefined;
  /** Digits, verified by whoever calls; kept sealed. */
  readonly phone?: string | undefined;
}

/** What a sealed phone is bound to, so that a row cannot be given another's. */
export const phoneContext = (programmeId: string, memberId: string): string =>
  `members.phone ${programmeId}:${memberId}`;

/** Sealed anew after a rotation of keys. */
export const sealedPhones = (programmeId: string): SealedColumn => ({
  ...{ table: "members", column: "phone_sealed", key: ["member_id"] },
  contextOf: ({ member_id: memberId = "" }) => phoneContext(programmeId, memberId),
});

const SEEN = `INSERT INTO members (programme_id, member_id, display_name, phone_sealed, phone_tail, first_seen_at_ms, last_active_at_ms)
  VALUES (?1, ?2, COALESCE(?3, ''), ?4, ?5, ?6, ?6)
  ON CONFLICT (programme_id, member_id) DO UPDATE SET
    display_name = COALESCE(?3, display_name), phone_sealed = COALESCE(?4, phone_sealed), phone_tail = COALESCE(?5, phone_tail)`;

/** Writes only what is new to the register: signing in again with the same name changes nothing that lists order by. */
export async function memberSeen(
  env: Env,
  programmeId: string,
  memberId: string,
  { displayName, phone }: Sight,
  nowMs: number,
): Promise<void> {
  const sealed =
    phone === undefined
      ? null
      : (await openVault(env, programmeId)).seal(phoneContext(programmeId, memberId), phone);
  const name = displayName?.trim().slice(0, 60) ?? null;
  await env.DB.prepare(SEEN)
    .bind(programmeId, memberId, name, sealed, phone?.slice(-4) ?? null, nowMs)
    .run();
}

/** What a member is called; empty: the register has no name. */
export async function displayNameOf(
  env: Env,
  programmeId: string,
  memberId: string,
): Promise<string> {
  const name = await env.DB.prepare(
    "SELECT display_name FROM members WHERE programme_id = ?1 AND member_id = ?2",
  )
    .bind(programmeId, memberId)
    .first<string>("display_name");
  return name ?? "";
}
