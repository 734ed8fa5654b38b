/** Who pays inside WeChat: the member's id in the app by which the merchant is paid. */
import type { Env } from "../platform/env.ts";
import type { Session } from "../platform/http/api.ts";
import { SignInDesk } from "./desk.ts";
import { openIdIn } from "./model.ts";

/** Null: the member did not sign in with this app, or before their id was kept. */
export async function wechatPayerOf(
  env: Env,
  { programmeId, memberId }: Session,
  appId: string,
  nowMs: number,
): Promise<string | null> {
  const desk = await SignInDesk.open(env, programmeId, nowMs);
  for (const { kind, sealed } of await desk.store.of(memberId)) {
    if (kind !== "wechat") continue;
    const openId = openIdIn(await desk.vault.open(`identity.${kind}`, sealed), appId);
    if (openId !== null) return openId;
  }
  return null;
}
