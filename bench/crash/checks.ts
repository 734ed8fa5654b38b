/** What must hold after any number of deaths. Every breach begins with the name of what it breaks. */
import {
  inParallel,
  readProblem,
  type AuditRow,
  type Member,
  type ProductApi,
  type SaleView,
} from "../load/api.ts";
import type { Attempt, CrashClient } from "./client.ts";

export interface FoundOrder {
  readonly client: CrashClient;
  readonly attempt: Attempt;
  /** The order's state at its authority; `none` when it does not exist. */
  readonly state: string;
}

export interface Truth {
  readonly sale: SaleView;
  readonly found: readonly FoundOrder[];
  readonly liveUnits: number;
  readonly cancelledUnits: number;
}

const SHOWN_MAX = 5;
const WIDTH = 32;

/** All rows hold and, where it was waited for, nothing is under way any more: no stuck hold, no unsettled take, D1 drained. */
export function checkAudit(rows: readonly AuditRow[], isQuiet: boolean, when: string): string[] {
  const breaches = rows
    .filter(
      (row) =>
        !row.ok || (isQuiet && row.inFlight > 0) || Number(row.figures["difference"] ?? 0) !== 0,
    )
    .map((row) => `${row.name} (${when}): inFlight ${row.inFlight} ${JSON.stringify(row.figures)}`);
  if (isQuiet) return breaches;
  const busy = rows.filter((row) => row.inFlight > 0).map((row) => `${row.name} ${row.inFlight}`);
  return [...breaches, `nothing in flight (${when}): ${busy.join(", ")}`];
}

/** Every acknowledged result survived, and nobody was told the opposite. */
export function checkOrders(truth: Truth): string[] {
  const breaches = truth.found.flatMap(({ attempt, state }) => {
    const what = `${attempt.orderId} was told ${attempt.outcome} ${attempt.code}, is ${state}`;
    const isGranted = state === "to_ship" || state === "cancelled";
    if (attempt.outcome === "granted") {
      if (!isGranted) return [`acknowledged grants survive: ${what}`];
      if (state === "cancelled" && attempt.cancel === "no")
        return [`only the member cancels: ${what}`];
      if (state !== "cancelled" && attempt.cancel === "acknowledged")
        return [`acknowledged cancels survive: ${what}`];
      return [];
    }
    if (attempt.outcome !== "unknown" && isGranted) return [`I6 refused and granted: ${what}`];
    return state === "in_doubt" ? [`I5 no stuck hold: ${what}`] : [];
  });
  return shorten(breaches);
}

/** I1, I2, I3: the books add up, nothing was oversold, nothing waits, nothing is left that a willing member wants. */
export function checkUnits(truth: Truth): string[] {
  const { sale, liveUnits, found } = truth;
  const breaches: string[] = [];
  const { units, remaining, returned } = sale;
  if (liveUnits > units) breaches.push(`I2 never oversold: ${liveUnits} live of ${units}`);
  if (liveUnits + remaining + returned !== units) {
    breaches.push(
      `I1 units conserved: live ${liveUnits} + shelf ${remaining} + returned ${returned} is not ${units}`,
    );
  }
  if (returned !== 0)
    breaches.push(`I3 nothing stranded: ${returned} returned after the last wave`);
  const clients = new Set(found.map((one) => one.client));
  for (const client of clients) {
    if (client.state !== "willing" || client.plan.quantity > remaining) continue;
    breaches.push(
      `I3 sold exactly min(stock, demand): ${client.plan.member.memberId} wanted ${client.plan.quantity}, ${remaining} are left`,
    );
  }
  return shorten(breaches);
}

/** The same order id asked again: the same answer. Refusals over HTTP come back word for word. */
export async function checkRefusals(
  api: ProductApi,
  saleId: string,
  clients: readonly CrashClient[],
): Promise<string[]> {
  const told = clients.flatMap((client) =>
    client.attempts
      .filter(
        ({ outcome }) => outcome === "refused" || outcome === "granted" || outcome === "forgone",
      )
      .map((attempt) => ({ token: client.plan.member.token, attempt })),
  );
  const breaches = await inParallel(told, WIDTH, ({ token, attempt }) =>
    replay(api, saleId, token, attempt),
  );
  const first = told.find(({ attempt }) => attempt.outcome === "granted");
  const mismatch = first ? await mismatched(api, saleId, first.token, first.attempt) : [];
  return shorten([...breaches.flat(), ...mismatch]);
}

async function replay(
  api: ProductApi,
  saleId: string,
  token: string,
  attempt: Attempt,
): Promise<string[]> {
  const { orderId, quantity, epoch, outcome, code, reply } = attempt;
  const path = `/api/v1/sales/${saleId}/redemptions`;
  const again = await api.http.request("POST", path, { token, body: { orderId, quantity, epoch } });
  const what = `${orderId} told ${outcome} ${code}, again ${again.status} ${again.body.slice(0, 160)}`;
  if (outcome === "granted") {
    if (again.status !== 200) return [`one id, one outcome: ${what}`];
    return reply && reply.status < 300 && reply.body !== again.body
      ? [`replays word for word: ${what}`]
      : [];
  }
  if (again.status < 300) return [`I6 refused and granted: ${what}`];
  if (outcome === "forgone")
    return readProblem(again).code === "forgone" ? [] : [`one id, one outcome: ${what}`];
  // A door's refusal is final for its epoch; once that is over, `stale` says the same.
  if (!reply)
    return ["stale", "closed", code].includes(readProblem(again).code)
      ? []
      : [`one id, one outcome: ${what}`];
  const isSame = isTicketReply(reply)
    ? readProblem(again).code === code
    : again.body === reply.body;
  return again.status === reply.status && isSame
    ? []
    : [`replays word for word: ${what}; first ${reply.body.slice(0, 160)}`];
}

/** A problem names the path it was met at, so a ticket's refusal differs in `instance`. */
function isTicketReply(reply: { readonly body: string }): boolean {
  return !reply.body.includes("/redemptions");
}

async function mismatched(
  api: ProductApi,
  saleId: string,
  token: string,
  attempt: Attempt,
): Promise<string[]> {
  const body = { orderId: attempt.orderId, quantity: attempt.quantity + 1, epoch: attempt.epoch };
  const reply = await api.http.request("POST", `/api/v1/sales/${saleId}/redemptions`, {
    token,
    body,
  });
  if (reply.status === 422 && readProblem(reply).code === "idempotency_mismatch") return [];
  return [
    `another body is a mismatch: ${attempt.orderId} answered ${reply.status} ${reply.body.slice(0, 160)}`,
  ];
}

interface Balance {
  readonly active: number;
  readonly held: number;
  readonly pending: number;
  readonly spent: number;
  readonly expired: number;
  readonly negative: number;
}

/** I4, member by member as the members see it. */
export async function checkPoints(
  api: ProductApi,
  members: readonly Member[],
  owned: ReadonlyMap<string, number>,
): Promise<string[]> {
  const breaches = await inParallel(members, WIDTH, async ({ memberId, token }) => {
    const balance = await api.call<Balance>("GET", "/api/v1/me/points?limit=1", { token });
    const { active, held, pending, spent, expired } = balance;
    const sum = active + held + pending + spent + expired;
    const granted = owned.get(memberId);
    return sum === granted
      ? []
      : [
          `I4 points conserved: ${memberId} ${JSON.stringify(balance)} sums to ${sum}, not ${granted}`,
        ];
  });
  return shorten(breaches.flat());
}

function shorten(breaches: string[]): string[] {
  if (breaches.length <= SHOWN_MAX) return breaches;
  return [...breaches.slice(0, SHOWN_MAX), `… and ${breaches.length - SHOWN_MAX} more`];
}
