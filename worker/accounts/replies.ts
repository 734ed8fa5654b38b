import { unreachable } from "../kernel/invariant.ts";
import { json, type ProblemMaker } from "../platform/http/api.ts";
import type { OrderReply } from "./requests.ts";

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
