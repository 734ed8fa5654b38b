/** How the Worker asks an Account about spending: by the state of the terms it knows, and with the terms where they are new. */
import { accountOf, type SpendCalls, type SpendKind, type SpendReply } from "../accounts/index.ts";
import { termsOf } from "../earning/index.ts";
import { splitMemberKey } from "../kernel/ids.ts";
import type { Refusal } from "../kernel/refusal.ts";
import type { Env } from "../platform/env.ts";

export type Answer<K extends SpendKind> =
  | Exclude<SpendReply<K>, { readonly kind: "terms_needed" | "refused" }>
  | Refusal;

/** An Account as a caller over RPC: its types lose what is generic, so the reply is given its type here. */
interface SpendPort {
  readonly spend: (kind: SpendKind, call: object) => Promise<unknown>;
}

/** Asks the Account of `memberKey`. `unavailable` when neither this isolate nor the Account knows the terms. */
export async function spend<K extends SpendKind>(
  env: Env,
  memberKey: string,
  kind: K,
  input: SpendCalls[K]["input"],
  nowMs: number,
): Promise<Answer<K>> {
  const { programmeId } = splitMemberKey(memberKey);
  const terms = await termsOf(env, programmeId, nowMs);
  const account = accountOf(env, memberKey) as unknown as SpendPort;
  const envelope = { memberKey, revision: terms?.revision ?? -1 };
  const ask = async (more: object): Promise<SpendReply<K>> => {
    const reply = await account.spend(kind, { ...envelope, ...input, ...more });
    return reply as SpendReply<K>;
  };
  let reply = await ask({});
  if (reply.kind === "terms_needed" && terms) reply = await ask({ terms });
  if (reply.kind === "terms_needed") return { code: "unavailable", figures: {} };
  if (reply.kind === "refused") return (reply as { readonly refusal: Refusal }).refusal;
  return reply as Answer<K>;
}
