/** How a member's page begins to pay: which ways there are, and what the provider hands over. */
import { createHash } from "node:crypto";
import type { Env } from "../platform/env.ts";
import type { ProblemMaker } from "../platform/http/api.ts";
import { log } from "../platform/log.ts";
import type { HandOver, PaymentProvider, ProviderName, Scene } from "./provider.ts";
import { insertPayment, providersOf, type PaymentRow } from "./store.ts";

export interface Way {
  readonly provider: ProviderName;
  readonly scenes: Scene[];
}

/** One number for one way of paying one thing, so that asking twice begins one payment. */
export function paymentIdOf(memberKey: string, what: string, way: string): string {
  const digest = createHash("sha256").update(`${memberKey}\n${what}\n${way}`).digest("hex");
  return `p${digest.slice(0, 31)}`;
}

const isInWechat = (request: Request): boolean =>
  /\bMicroMessenger\b/i.test(request.headers.get("user-agent") ?? "");

/** Inside WeChat its own sheet pays, and nothing else there may; elsewhere its sheet cannot be opened. */
export async function waysOf(env: Env, programmeId: string, request: Request): Promise<Way[]> {
  const isInside = isInWechat(request);
  const providers = await providersOf(env, programmeId);
  return [...providers.values()].flatMap(({ name, scenes }) => {
    const possible = scenes.filter((scene) => (scene === "jsapi") === isInside);
    return possible.length === 0 ? [] : [{ provider: name, scenes: possible }];
  });
}

export interface Beginning {
  readonly provider: PaymentProvider;
  readonly scene: Scene;
  readonly row: Omit<PaymentRow, "provider" | "scene">;
  readonly title: string;
  readonly payByMs: number;
  /** Path of this origin that the member comes back to. */
  readonly returnPath: string;
  /** The member's id in a WeChat app; null: they never signed in with it. */
  readonly openIdIn: (appId: string) => Promise<string | null>;
}

interface BeginCall {
  readonly env: Env;
  readonly request: Request;
  readonly nowMs: number;
  readonly problem: ProblemMaker;
}

export type Begun =
  | { readonly kind: "begun"; readonly handOver: HandOver }
  | { readonly kind: "paid" }
  | { readonly kind: "problem"; readonly response: Response };

/** Writes down whose payment it is, and asks the provider for the way to pay it. */
export async function beginAt(call: BeginCall, wish: Beginning): Promise<Begun> {
  const { env, request, nowMs, problem } = call;
  const { provider, scene, row, title, payByMs, returnPath } = wish;
  const failed = (response: Response): Begun => ({ kind: "problem", response });
  const openId = scene === "jsapi" ? await wish.openIdIn(provider.appId) : null;
  if (scene === "jsapi" && openId === null) {
    // The page goes through WeChat's sign-in once and begins again.
    return failed(problem("conflict", { reason: "wechat_identity_needed" }));
  }
  await insertPayment(env, { ...row, provider: provider.name, scene });
  const { origin } = new URL(request.url);
  const answer = await provider.begin(
    {
      ...{ paymentId: row.paymentId, scene, title, amountFen: row.amountFen },
      ...{ expiresAtMs: payByMs, openId },
      notifyUrl: `${origin}/api/v1/payments/${row.programmeId}/${provider.name}/notify`,
      returnUrl: `${origin}${returnPath}`,
      clientIp: request.headers.get("cf-connecting-ip") ?? "127.0.0.1",
    },
    nowMs,
  );
  if (answer.kind === "silence") {
    log("payment_begin_failed", { provider: provider.name, word: answer.word });
    return failed(problem("unavailable", {}, 2));
  }
  if (answer.kind === "refused") {
    log("payment_refused", { provider: provider.name, word: answer.word });
    return failed(problem("conflict", { reason: "provider", word: answer.word }));
  }
  return answer;
}
