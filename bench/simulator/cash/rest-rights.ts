/** Vouchers and top-ups at the end of a life: a right is used once, or given back, and its order says the same. */
import type { OrderLife } from "../../../worker/accounts/orders/types.ts";
import type { Witness } from "../witness.ts";
import type { World } from "../world.ts";
import { OVER, type LivedOrder } from "./rest.ts";

interface VoucherRow {
  readonly memberId: string;
  readonly orderId: string;
  readonly voucherId: string;
  readonly state: string;
  readonly total: number;
  readonly left: number;
}

interface ActRow {
  readonly writeOffId: string;
  readonly voucherId: string;
  readonly uses: number;
  readonly state: string;
}

interface TopUpRow {
  readonly topUpId: string;
  readonly memberId: string;
  readonly orderId: string;
  readonly state: string;
  readonly isDue: number;
}

const VOUCHERS = `SELECT member_id AS memberId, order_id AS orderId, voucher_id AS voucherId, state, uses_total AS total, uses_left AS left FROM vouchers`;
const ACTS = `SELECT write_off_id AS writeOffId, voucher_id AS voucherId, uses, state FROM write_offs`;
const AGREED = `SELECT approval_id AS approvalId FROM approvals WHERE state = 'approved'`;
const TOP_UPS = `SELECT top_up_id AS topUpId, member_id AS memberId, order_id AS orderId, state, next_try_at_ms IS NOT NULL AS isDue FROM top_ups`;

function read<Row>(world: World, query: string): Row[] {
  return world.d1.read(query) as unknown as Row[];
}

/** What is still on its way, in words. */
export function unfinishedRights(world: World): string[] {
  const acts = read<ActRow>(world, `${ACTS} WHERE state = 'pending'`);
  const agreed = read<{ readonly approvalId: string }>(world, AGREED);
  const topUps = read<TopUpRow>(world, TOP_UPS).filter(({ isDue }) => isDue === 1);
  return [
    ...acts.map(({ writeOffId }) => `W3 ${writeOffId} is pending`),
    ...agreed.map(({ approvalId }) => `W3 ${approvalId} was agreed to by two and is not done`),
    ...topUps.map(({ topUpId, state }) => `U2 ${topUpId} is ${state} and due`),
    ...(world.supplier?.waiting ? ["U2 the supplier has something to do"] : []),
  ];
}

export function compareRights(world: World, witness: Witness, orders: readonly LivedOrder[]): void {
  const lives = new Map(
    orders.flatMap(({ life }) => (life ? [[`${life.memberKey} ${life.orderId}`, life]] : [])),
  );
  const keyOf = ({ memberId, orderId }: { readonly memberId: string; readonly orderId: string }) =>
    `${world.programmeId}:${memberId} ${orderId}`;
  compareVouchers(world, witness, (row) => lives.get(keyOf(row)));
  compareTopUps(world, witness, (row) => lives.get(keyOf(row)));
}

/** What is gone of a voucher was written off, as somebody was told; and nothing of an order that was given back. */
function compareVouchers(
  world: World,
  witness: Witness,
  lifeOf: (row: VoucherRow) => OrderLife | undefined,
): void {
  const acts = read<ActRow>(world, ACTS);
  const states = new Map(acts.map(({ writeOffId, state }) => [writeOffId, state]));
  for (const [writeOffId, told] of witness.heard.writeOffs) {
    const is = states.get(writeOffId);
    // Whoever asked for a reversal may not have heard of it.
    const isSame = is === told || (told === "done" && is === "reversed");
    witness.demand("W1", isSame, () => `${writeOffId} was told ${told} and is ${is}`);
  }
  /** Uses that are gone of an order, which agreed to each. */
  const agreed = new Map<OrderLife, number>();
  for (const row of read<VoucherRow>(world, VOUCHERS)) {
    const { voucherId, state, total, left } = row;
    const done = acts.filter((act) => act.voucherId === voucherId && act.state === "done");
    const gone = done.reduce((sum, { uses }) => sum + uses, 0);
    witness.demand(
      "W1",
      left >= 0 && gone === total - left,
      () => `${voucherId} lost ${total - left}, ${gone} used`,
    );
    const life = lifeOf(row);
    const isOver = life !== undefined && OVER.has(life.state);
    if (life) agreed.set(life, (agreed.get(life) ?? 0) + gone);
    // What is left of it goes back, and ends.
    const isPaidFor = gone > 0 && isAgreed(life);
    const hasEnded = isPaidFor ? state !== "live" : gone === 0 && state === "void";
    witness.demand(
      "W2",
      !isOver || hasEnded,
      () => `${voucherId} is ${state}, ${gone} used, and given back`,
    );
    if (life?.goodsKind !== "local_service" || isOver) continue;
    const isUsedUp = life.state !== "to_write_off";
    witness.demand("W2", !isUsedUp || left === 0, () => `${voucherId} has ${left}, ${life.state}`);
  }
  for (const [{ orderId, uses }, gone] of agreed) {
    witness.demand("W2", uses === gone, () => `${orderId} knows of ${uses} uses, ${gone} are gone`);
  }
}

/** Booked and issued, or neither; and what was booked is paid back by nobody but staff, who decided a case. */
function compareTopUps(
  world: World,
  witness: Witness,
  lifeOf: (row: TopUpRow) => OrderLife | undefined,
): void {
  for (const row of read<TopUpRow>(world, TOP_UPS)) {
    const { topUpId } = row;
    const life = lifeOf(row);
    const isBooked = world.supplier?.booked.get(topUpId) === "success";
    const isIssued = life?.history.some(({ step }) => step === "issue") ?? false;
    witness.demand(
      "U1",
      isBooked === isIssued,
      () => `${topUpId} is ${isBooked ? "booked" : "not booked"}, its order ${life?.state}`,
    );
    const isOver = life === undefined || OVER.has(life.state);
    witness.demand(
      "U1",
      !isBooked || !isOver || isAgreed(life),
      () => `${topUpId} is booked and paid back`,
    );
  }
}

/** Staff gave something back of what was delivered. */
const isAgreed = (life: OrderLife | undefined): boolean =>
  life?.afterSales.some(({ state }) => state === "done") ?? false;
