/** Redemptions as events: they earn only where a rule says so, by naming their channel. */
import type { ProgrammeTerms } from "../../earning/programme/index.ts";
import { namesRedemptions, REDEMPTION_CHANNEL } from "../../earning/rules/index.ts";
import { parseSaleId, splitMemberKey } from "../../kernel/ids.ts";
import type { Order } from "../orders.ts";
import type { EarnerPorts } from "./earner.ts";
import type { EventCommand, OwnErrand } from "./messages.ts";

const asked = new WeakMap<ProgrammeTerms, boolean>();

/** Whether some rule or task in force names redemptions. Asked in every post, so the answer is kept with the terms. */
export function earnsByRedemption(terms: ProgrammeTerms): boolean {
  let answer = asked.get(terms);
  if (answer === undefined) {
    answer =
      terms.rules.some(
        ({ rule, untilMs }) => untilMs === null && namesRedemptions(rule.condition),
      ) ||
      terms.tasks.some(({ task, untilMs }) => untilMs === null && namesRedemptions(task.condition));
    asked.set(terms, answer);
  }
  return answer;
}

function redemptionEvent(order: Order): EventCommand {
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

export interface KeyedErrand {
  readonly key: string;
  readonly errand: OwnErrand;
}

export function orderErrand(order: Order): KeyedErrand {
  const event = redemptionEvent(order);
  return { key: `own_order:${order.orderId}`, errand: { topic: "own_order", event } };
}

/** What after-sales gave back of an order: its case, and the cash of it. */
export interface ReturnedPart {
  readonly returnId: string;
  readonly amountFen: number;
}

export function returnErrand({ orderId }: Order, part: ReturnedPart | null): KeyedErrand {
  const key = `own_return:${orderId}${part ? `:${part.returnId}` : ""}`;
  return { key, errand: { topic: "own_return", orderId, ...part } };
}

/** Written down in the commit of its cause, where something asks for redemptions at all. */
export function addOwnErrand(
  {
    earning,
    social,
    now,
  }: Pick<EarnerPorts, "earning" | "social"> & { readonly now: () => number },
  { memberKey }: Order,
  { key, errand }: KeyedErrand,
): void {
  const terms = earning.terms(splitMemberKey(memberKey).programmeId);
  if (!terms) return;
  // An invite asks for the redemptions of the invited alone.
  const isAsked =
    earnsByRedemption(terms) ||
    (terms.invites?.act === "redemption" && social.invite(memberKey) !== null);
  if (isAsked) social.addErrand(memberKey, key, errand, now());
}
