/** How often one person may look at personal data in full: whoever copies a list one by one is stopped, and noticed. */
import { LIMITS } from "../kernel/limits.ts";
import type { Env } from "../platform/env.ts";
import type { Session } from "../platform/http/api.ts";

const HOUR_MS = 3_600_000;

/** Counted before anything is shown; a look that would be one too many counts nothing. */
const COUNT = `INSERT INTO staff_reveals (programme_id, staff_id, hour, looks) VALUES (?1, ?2, ?3, 1)
  ON CONFLICT (programme_id, staff_id, hour) DO UPDATE SET looks = looks + 1 WHERE looks < ?4`;

export async function mayReveal(
  env: Env,
  { programmeId, memberId: staffId }: Session,
  nowMs: number,
): Promise<boolean> {
  const hour = Math.floor(nowMs / HOUR_MS);
  const { meta } = await env.DB.prepare(COUNT)
    .bind(programmeId, staffId, hour, LIMITS.revealsPerHourMax)
    .run();
  return meta.changes > 0;
}
