import { unreachable } from "../kernel/invariant.ts";
import { json, type ProblemMaker } from "../platform/http/api.ts";
import type { ChangeReply, OrderReply } from "./requests.ts";

interface Problems {
  readonly problem: ProblemMaker;
}

/** An Account's answer as HTTP. The same stored outcome gives the same body, word for word. */
export function replyResponse(call: Problems, reply: OrderReply, orderId: string): Response {
  switch (reply.kind) {
    case "granted": {
      const { points, remaining } = reply;
      const body = { orderId: reply.orderId, outcome: "granted", points, remaining };
      return json(body, reply.isReplay ? 200 : 201);
    }
    case "refused":
      return call.problem(reply.refusal.code, reply.refusal.figures);
    case "open": {
      const { code, figures } = reply.refusal;
      return call.problem(code, figures, code === "overloaded" ? 1 : undefined);
    }
    case "pending":
      return json({ orderId, outcome: "pending", href: `/api/v1/orders/${orderId}` }, 202);
    case "mismatch":
      return call.problem("idempotency_mismatch", { fields: reply.fields });
    case "not_found":
      return call.problem("not_found");
    case "too_many":
      return call.problem("invalid", {
        errors: [{ path: "quantity", message: `one order may have ${reply.quantityMax} at most` }],
      });
    case "no_tickets":
      return call.problem("invalid", {
        errors: [
          { path: "path.saleId", message: "a standing sale issues no tickets; redeem at once" },
        ],
      });
    default:
      return unreachable(reply);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  out_of_range: "is out of range",
  over_lifetime_maximum: "the member would own too many points",
  in_the_future: "lies in the future",
  before_it_was_earned: "lies in the past",
  lapses_before_it_is_active: "must be before expiresAtMs",
};

/** Why points were not changed. An impossible figure is named by its field, as a body that does not fit is. */
export function changeProblem(
  problem: ProblemMaker,
  reply: Exclude<ChangeReply, { kind: "changed" }>,
): Response {
  if (reply.kind === "mismatch") return problem("idempotency_mismatch", { fields: reply.fields });
  const { code, figures } = reply.refusal;
  if (code !== "invalid") return problem(code, figures);
  const reason = String(figures["reason"]);
  const path = String(figures["field"]);
  return problem("invalid", { errors: [{ path, message: REASONS[reason] ?? reason }] });
}
