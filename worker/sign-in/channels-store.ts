import { Lru } from "../kernel/lru.ts";
import type { Env } from "../platform/env.ts";
import { describeError, log } from "../platform/log.ts";
import { NO_CHANNELS, type Channels } from "./channels.ts";
import { FAKE_APP_ID } from "./wechat/fake.ts";

const FRESH_MS = 2_500;

export interface StoredChannels {
  readonly revision: number;
  readonly channels: Channels;
  readonly savedBy: string | null;
  readonly savedAtMs: number | null;
}

interface Known extends StoredChannels {
  readonly checkedAtMs: number;
}
const known = new Lru<string, Known>(256);

/** Where nobody has set anything up, development has every way in, over the fake WeChat server. */
function unset(env: Env): StoredChannels {
  const wechat = {
    ...{ appId: FAKE_APP_ID, appSecret: null, asksProfile: false },
    ...{ relayUrl: null, relaySecret: null },
  };
  const phone = { ...NO_CHANNELS.phone, isOn: true };
  const channels = env.DEV_LOGIN === "on" ? { ...NO_CHANNELS, wechat, phone } : NO_CHANNELS;
  return { revision: 0, channels, savedBy: null, savedAtMs: null };
}

export async function readChannels(env: Env, programmeId: string): Promise<StoredChannels> {
  const row = await env.DB.prepare(
    "SELECT revision, body, saved_by, saved_at_ms FROM mall_channels WHERE programme_id = ?1",
  )
    .bind(programmeId)
    .first<{ revision: number; body: string; saved_by: string; saved_at_ms: number }>();
  if (!row) return unset(env);
  return {
    revision: row.revision,
    channels: JSON.parse(row.body) as Channels,
    savedBy: row.saved_by,
    savedAtMs: row.saved_at_ms,
  };
}

/** As this isolate knows them: every page asks, so they are read anew every few seconds only. */
export async function channelsOf(env: Env, programmeId: string, nowMs: number): Promise<Channels> {
  const cached = known.get(programmeId);
  if (cached && nowMs - cached.checkedAtMs < FRESH_MS) return cached.channels;
  try {
    const stored = await readChannels(env, programmeId);
    known.set(programmeId, { ...stored, checkedAtMs: nowMs });
    return stored.channels;
  } catch (error) {
    log("channels_read_failed", { programmeId, error: describeError(error) });
    if (cached) known.set(programmeId, { ...cached, checkedAtMs: nowMs });
    return cached?.channels ?? NO_CHANNELS;
  }
}

/** False: somebody else saved since `revision`. */
export async function saveChannels(
  env: Env,
  at: { readonly programmeId: string; readonly revision: number },
  channels: Channels,
  by: { readonly savedBy: string; readonly nowMs: number },
): Promise<boolean> {
  const { programmeId, revision } = at;
  const { meta } = await env.DB.prepare(
    `INSERT INTO mall_channels (programme_id, revision, body, saved_by, saved_at_ms)
     SELECT ?1, ?2 + 1, ?3, ?4, ?5
     WHERE ?2 = 0 OR EXISTS (SELECT 1 FROM mall_channels WHERE programme_id = ?1)
     ON CONFLICT (programme_id) DO UPDATE SET revision = ?2 + 1, body = ?3, saved_by = ?4, saved_at_ms = ?5
     WHERE mall_channels.revision = ?2`,
  )
    .bind(programmeId, revision, JSON.stringify(channels), by.savedBy, by.nowMs)
    .run();
  known.delete(programmeId);
  return meta.changes === 1;
}
