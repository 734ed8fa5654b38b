/** How the Worker asks an Account about earning: by the state of the terms it knows, and with the terms where they are new. */
import { accountOf, type EarnCalls, type EarnKind, type EarnReply } from "../accounts/index.ts";
import { splitMemberKey } from "../kernel/ids.ts";
import { currentKey } from "../members/index.ts";
import type { Refusal } from "../kernel/refusal.ts";
import type { Env } from "../platform/env.ts";
import type { ProblemMaker } from "../platform/http/api.ts";
import { termsOf } from "./terms-cache.ts";

export type Answer<K extends EarnKind> =
  | Exclude<EarnReply<K>, { readonly kind: "terms_needed" | "refused" }>
  | Refusal;

export function isRefusal(answer: object): answer is Refusal {
  return "code" in answer && "figures" in answer;
}

/** An Account as a caller over RPC: its types lose what is generic, so the reply is given its type here. */
interface EarnPort {
  readonly earn: (kind: EarnKind, call: object) => Promise<unknown>;
}

/** Asks the Account of the member. `unavailable` when neither this isolate nor the Account knows the terms. */
export async function earn<K extends EarnKind>(
  env: Env,
  namedKey: string,
  kind: K,
  input: EarnCalls[K]["input"],
  nowMs: number,
): Promise<Answer<K>> {
  // Whoever still names a record that left means the one it went into.
  const memberKey = await currentKey(env, namedKey, nowMs);
  const { programmeId } = splitMemberKey(memberKey);
  const terms = await termsOf(env, programmeId, nowMs);
  const account = accountOf(env, memberKey) as unknown as EarnPort;
  const envelope = { memberKey, revision: terms?.revision ?? -1 };
  const ask = async (more: object): Promise<EarnReply<K>> => {
    const reply = await account.earn(kind, { ...envelope, ...input, ...more });
    return reply as EarnReply<K>;
  };
  let reply = await ask({});
  if (reply.kind === "terms_needed" && terms) reply = await ask({ terms });
  if (reply.kind === "terms_needed") return { code: "unavailable", figures: {} };
  if (reply.kind === "refused") return (reply as { readonly refusal: Refusal }).refusal;
  return reply as Answer<K>;
}

/** A refusal over HTTP. `not_eligible` speaks of sales there; what earning refuses by its state is a conflict. */
export function refusalProblem(problem: ProblemMaker, { code, figures }: Refusal): Response {
  if (code === "not_eligible") return problem("conflict", figures);
  if (code === "unavailable" || code === "overloaded") return problem(code, figures, 5);
  if (code !== "invalid") return problem(code, figures);
  const { field = "", reason = "" } = figures;
  return problem("invalid", { errors: [{ path: String(field), message: String(reason) }] });
}
