/** The peer's HTTP server: the product's redemption request, with the same checks before the database is asked. */
import { Hono, type Context } from "hono";
import { LIMITS } from "../../worker/kernel/limits.ts";
import { localeOf, problemResponse } from "../../worker/platform/http/problem.ts";
import { SECURITY_HEADERS } from "../../worker/platform/http/security.ts";
import { redemptionRequestSchema } from "../../worker/redemption/wire.ts";
import { answerOf, type Redemption, type Word } from "./answers.ts";
import type { Desk } from "./desk.ts";
import { Sessions } from "./session.ts";

export interface AppOptions {
  readonly desk: Desk;
  /** Key ring of sessions, as the product reads it. */
  readonly sessionKeys: string;
  readonly clock: () => number;
  readonly onFault: (error: unknown) => void;
}

type Act = (redemption: Redemption) => Promise<Word>;
type Errors = readonly { readonly path: string; readonly message: string }[];

const JSON_HEADERS = {
  ...SECURITY_HEADERS,
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
} as const;
const SALE_ID_LENGTH_MAX = 128;

export function peerApp(options: AppOptions): Hono {
  const { desk, clock } = options;
  const sessions = new Sessions(options.sessionKeys);
  const serve = async (c: Context, act: Act): Promise<Response> => {
    const nowMs = clock();
    const memberKey = sessions.memberKeyOf(c, nowMs);
    if (memberKey === null) return problem(c, "unauthenticated");
    return redeem(c, act, memberKey, nowMs);
  };
  const app = new Hono();
  app.get("/hello", (c) => c.text("Hello, world!"));
  app.post("/api/v1/sales/:saleId/redemptions", (c) =>
    serve(c, (redemption) => desk.redeem(redemption)),
  );
  app.post("/api/v1/sales/:saleId/takes", (c) => serve(c, (redemption) => desk.take(redemption)));
  app.notFound((c) => problem(c, "not_found"));
  app.onError((error, c) => {
    options.onFault(error);
    return problem(c, "fault");
  });
  return app;
}

async function redeem(c: Context, act: Act, memberKey: string, nowMs: number): Promise<Response> {
  if (c.req.header("sec-fetch-site") === "cross-site") return problem(c, "forbidden");
  const saleId = c.req.param("saleId") ?? "";
  if (saleId.length > SALE_ID_LENGTH_MAX) return problem(c, "not_found");
  const type = c.req.header("content-type") ?? "";
  if (!/^application\/json(?:\s*;|$)/i.test(type))
    return invalid(c, 415, "content-type must be application/json");
  const length = Number(c.req.header("content-length") ?? Number.NaN);
  // The load tools declare a length; a peer that read chunks without a bound would be no fair shop.
  if (!(length <= LIMITS.bodyBytesMax))
    return invalid(c, 413, `a body has ${LIMITS.bodyBytesMax} bytes at most`);
  let value: unknown;
  try {
    value = JSON.parse(await c.req.text());
  } catch {
    return invalid(c, 400, "the body is not JSON");
  }
  const parsed = redemptionRequestSchema.safeParse(value);
  if (!parsed.success) {
    const errors = parsed.error.issues.slice(0, 20).map((issue) => ({
      path: issue.path.join("."),
      message: issue.message,
    }));
    return problem(c, "invalid", { errors });
  }
  const { orderId, quantity, epoch } = parsed.data;
  const answer = answerOf(await act({ memberKey, saleId, orderId, quantity, epoch, nowMs }));
  if (answer.kind === "refused") return problem(c, answer.code, answer.figures);
  const { points, remaining, isReplay } = answer;
  const body = JSON.stringify({ orderId, outcome: "granted", points, remaining });
  return new Response(body, { status: isReplay ? 200 : 201, headers: JSON_HEADERS });
}

function invalid(c: Context, status: number, message: string): Response {
  const errors: Errors = [{ path: "", message }];
  return problem(c, "invalid", { errors }, status);
}

function problem(
  c: Context,
  code: Parameters<typeof problemResponse>[0]["code"],
  figures: Readonly<Record<string, unknown>> = {},
  status?: number,
): Response {
  return problemResponse({
    code,
    locale: localeOf(c.req.raw),
    instance: c.req.path,
    figures,
    ...(status === undefined ? {} : { status }),
  });
}
