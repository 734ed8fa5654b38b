import type { OrderView } from "../../../worker/accounts/wire.ts";
import { momentOf } from "../kit/inputs.ts";
import type { OrderWords } from "./words.ts";

type Timed = Pick<OrderView, "state" | "pay" | "dueAtMs">;

/** What happens to an order by itself, and when; null: it waits for somebody. */
export function deadlineOf({ state, pay, dueAtMs }: Timed, words: OrderWords): string | null {
  if (pay !== null) return words.byItself.pay(momentOf(pay.payByMs));
  if (dueAtMs === null) return null;
  if (state === "shipped") return words.byItself.receive(momentOf(dueAtMs));
  return state === "received" ? words.byItself.close(momentOf(dueAtMs)) : null;
}
