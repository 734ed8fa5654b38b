/** Redemptions as events: they earn only where a rule says so, by naming their channel. Pure. */
import type { ProgrammeTerms } from "../../earning/programme/index.ts";
import type { Condition } from "../../earning/rules/index.ts";
import { parseSaleId } from "../../kernel/ids.ts";
import type { Order } from "../orders.ts";
import type { EventCommand } from "./messages.ts";

/** The channel of a redemption's event. Rules that do not name it never see one. */
export const REDEMPTION_CHANNEL = "redemption";

/** Whether a rule names redemptions, and so may be judged by them. */
export function namesRedemptions(condition: Condition | null): boolean {
  if (!condition) return false;
  if (condition.kind === "all" || condition.kind === "any")
    return condition.of.some(namesRedemptions);
  return condition.kind === "channel" && condition.in.includes(REDEMPTION_CHANNEL);
}

const asked = new WeakMap<ProgrammeTerms, boolean>();

/** Whether some rule in force names redemptions. Asked in every post, so the answer is kept with the terms. */
export function earnsByRedemption(terms: ProgrammeTerms): boolean {
  let answer = asked.get(terms);
  if (answer === undefined) {
    answer = terms.rules.some(
      ({ rule, untilMs }) => untilMs === null && namesRedemptions(rule.condition),
    );
    asked.set(terms, answer);
  }
  return answer;
}

export function redemptionEvent(order: Order): EventCommand {
  const address = parseSaleId(order.saleId);
  return {
    eventId: order.orderId,
    kind: "order",
    name: null,
    atMs: order.grant?.atMs ?? order.createdAtMs,
    lines: [
      {
        productId: address?.skuId ?? order.saleId,
        categoryIds: [],
        labels: [],
        amountFen: order.cashFen,
      },
    ],
    storeId: null,
    channel: REDEMPTION_CHANNEL,
    facts: {},
    prints: {},
    actor: "system",
  };
}
