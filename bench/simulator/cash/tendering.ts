/** A member pays part of an order's cash with points and stored value, or all of it, or changes their mind. */
import type { Random } from "../../../worker/testing/simulation/random.ts";
import type { Reply } from "../world.ts";

type Ask = (method: "GET" | "PUT", path: string, body?: object) => Promise<Reply | null>;

/** The order as it is then; null: nothing was agreed to. */
export async function choosesTender(
  random: Random,
  orderPath: string,
  ask: Ask,
): Promise<Reply | null> {
  const path = `${orderPath}/tender`;
  const wish = random.pick(["", "", "?points=0", "?storedFen=0", "?points=0&storedFen=0"]);
  const quote = await ask("GET", `${path}${wish}`);
  if (quote?.status !== 200) return null;
  const { points, stored, leftFen } = quote.body as {
    readonly points: { readonly points: number } | null;
    readonly stored: { readonly fen: number };
    readonly leftFen: number;
  };
  const body = { points: points?.points ?? 0, storedFen: stored.fen, leftFen };
  const reply = await ask("PUT", path, body);
  return reply?.status === 200 ? reply : null;
}
