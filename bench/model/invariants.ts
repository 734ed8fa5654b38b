/** The invariants of docs/protocol.md over a state of the search. A message begins with the name of what broke. */
import { assertWallet, type Wallet } from "../../worker/accounts/points/index.ts";
import type { Order } from "../../worker/accounts/orders.ts";
import { InvariantBreach } from "../../worker/kernel/invariant.ts";
import { assertSale, type Take } from "../../worker/redemption/model.ts";
import { NO_CASH, type Cash } from "./cash.ts";
import { hasBit, type State } from "./layout.ts";
import type { Scene } from "./scene.ts";
import type { SkuState } from "./sku.ts";
import type { AccountState } from "./account-state.ts";
import type { World } from "./world.ts";

const isGrant = (take: Take | null | undefined): boolean =>
  take?.state === "granted" || take?.state === "cancelled";
const isOpenHold = (order: Order | null | undefined): boolean =>
  order?.hold === "pending" || order?.hold === "posted";
const isLive = (order: Order): boolean => order.hold === "posted" && !order.isCancelled;

/** Looks at states of one world; remembers what it found out about each value of a part. */
export class Invariants {
  readonly #world: World;
  readonly #scene: Scene;
  readonly #ofSku = new Map<number, string | null>();
  readonly #ofAccount = new Map<number, string | null>();

  constructor(world: World) {
    this.#world = world;
    this.#scene = world.scene;
  }

  /** Must hold in every state, in memory and, where it is apart, on disk. Null: all do. */
  always(state: State): string | null {
    const { layout } = this.#world;
    if (!layout.isExplicit) return this.inMemory(state);
    return (
      this.#held(state, (part) => part, false) ??
      this.#held(state, (part) => layout.onDisk(part), true)
    );
  }

  /** As `always`, of what the objects have in memory only. */
  inMemory(state: State): string | null {
    return this.#held(state, (part) => part, true);
  }

  /** Must hold once faults have stopped and everything was delivered. */
  atRest(state: State): string | null {
    const broken = this.inMemory(state);
    if (broken) return broken;
    const sku = this.#world.skuOf(state);
    for (const at of this.#scene.orders) {
      const account = this.#world.accountOf(state, at);
      const found = undecided(at, account, sku.takes[at] ?? null) ?? unpaid(this.#world, state, at);
      if (found) return found;
    }
    return sku.sale.returned > 0 ? "I3 units are left in returned" : null;
  }

  #held(state: State, copyOf: (part: number) => number, speaks: boolean): string | null {
    const { layout, sku: skus, account: accounts } = this.#world;
    const skuId = state[copyOf(layout.sku)] ?? 0;
    const sku = skus.at(skuId);
    const ofSku = remember(this.#ofSku, skuId, () => brokenUnits(sku));
    if (ofSku) return ofSku;
    const said = speaks ? this.#brokenWord(state, sku) : null;
    if (said) return said;
    const { buckets } = this.#scene.bounds;
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      const id = state[copyOf(layout.account(bucket))] ?? 0;
      const found = remember(this.#ofAccount, id, () => brokenPoints(this.#scene, accounts.at(id)));
      if (found) return found;
    }
    for (const at of this.#scene.orders) {
      const account = accounts.at(state[copyOf(layout.account(this.#scene.bucketOf(at)))] ?? 0);
      const take = sku.takes[at] ?? null;
      const found = this.#brokenOrder(state, at, account, take);
      if (found) return found;
    }
    return null;
  }

  /** I3: while an epoch is open, what was refused in it stays refused. */
  #brokenWord(state: State, { sale }: SkuState): string | null {
    if (sale.status !== "open") return null;
    for (let quantity = 1; quantity <= Math.min(this.#scene.quantityMax, sale.shelf); quantity += 1)
      if (this.#world.wasSent(state, "said_sold_out", -1, sale.epoch, quantity))
        return `I3 sold_out was said for ${quantity} in e${sale.epoch}, and the shelf has ${sale.shelf}`;
    return null;
  }

  #brokenOrder(state: State, at: number, account: AccountState, take: Take | null): string | null {
    const order = account.orders[at] ?? null;
    const granted = isGrant(take);
    const cancelled = order?.isCancelled === true;
    if (granted && !isOpenHold(order)) return `I5 o${at} is granted, its hold is ${holdOf(order)}`;
    if (order?.hold === "posted" && !granted) return `I5 o${at} is posted without a grant`;
    if (take?.state === "cancelled" && !cancelled)
      return `I5 o${at}: the take is cancelled, the order is live`;
    return (
      this.#brokenAnswer(state, at, order, granted) ??
      this.#brokenExchange(at, account, order) ??
      (granted && this.#scene.plan(at).route === "never_grabs"
        ? `I9 o${at} is granted though its member never tapped`
        : brokenCash(at, account.cash[at] ?? NO_CASH, order))
    );
  }

  #brokenAnswer(state: State, at: number, order: Order | null, granted: boolean): string | null {
    const { net } = this.#world.layout;
    const { messages } = this.#scene;
    const isToldRefused = hasBit(state, net, messages.id("told_refused", at));
    const isToldGranted = hasBit(state, net, messages.id("told_granted", at));
    if (isToldRefused && granted) return `I6 o${at} was told refused and is granted`;
    if (isToldRefused && isToldGranted) return `I6 o${at} was told refused and granted`;
    if (isToldGranted && !isOpenHold(order))
      return `I6 o${at} was told granted, its hold is ${holdOf(order)}`;
    if (isToldGranted && !granted) return `I6 o${at} was told granted, the Sku has no grant`;
    return null;
  }

  #brokenExchange(at: number, account: AccountState, order: Order | null): string | null {
    const { replaces } = this.#scene.plan(at);
    if (replaces === undefined || !isOpenHold(order)) return null;
    const old = account.orders[replaces] ?? null;
    if (old && !isOpenHold(old)) return null;
    return `I7 o${at} lives beside o${replaces}, which it replaces`;
  }
}

function remember(
  known: Map<number, string | null>,
  id: number,
  look: () => string | null,
): string | null {
  let found = known.get(id);
  if (found === undefined) known.set(id, (found = look()));
  return found;
}

/** What an assertion of the product says, as a value. */
function saidBy(assertion: () => void): string | null {
  try {
    assertion();
    return null;
  } catch (error) {
    if (error instanceof InvariantBreach) return error.message;
    throw error;
  }
}

/** I1 and I2. */
function brokenUnits({ sale, takes }: SkuState): string | null {
  let live = 0;
  for (const take of takes) if (take?.state === "granted") live += take.quantity;
  if (live > sale.stocked) return `I2 ${live} units are sold of ${sale.stocked}`;
  if (live !== sale.live) return `I1 ${live} live takes are counted as ${sale.live}`;
  return saidBy(() => assertSale(sale));
}

/** I4 and I7. */
function brokenPoints(scene: Scene, account: AccountState): string | null {
  for (const member of account.members) {
    const found = member && brokenMember(scene, account, member);
    if (found) return found;
  }
  return null;
}

function brokenMember(scene: Scene, account: AccountState, member: Wallet): string | null {
  let held = 0;
  let spent = 0;
  let units = 0;
  for (const order of account.orders) {
    if (order?.memberKey !== member.memberKey) continue;
    if (order.hold === "pending") held += order.points;
    if (isLive(order)) spent += order.points;
    if (isLive(order) || order.hold === "pending") units += order.quantity;
  }
  const { limit } = scene.bounds;
  if (held !== member.held) return `I4 ${member.held} points are held for ${held} of pending holds`;
  if (spent !== member.spent)
    return `I4 ${member.spent} points are spent on ${spent} of live orders`;
  if (units > limit) return `I7 a member has ${units} units of a limit of ${limit}`;
  return saidBy(() => assertWallet(member));
}

function brokenCash(at: number, { refunds }: Cash, order: Order | null): string | null {
  if (refunds > 1) return `I10 the cash of o${at} is refunded twice`;
  if (refunds > 0 && order && isLive(order))
    return `I10 the cash of o${at} is refunded, the order is live`;
  return null;
}

function undecided(at: number, account: AccountState, take: Take | null): string | null {
  const order = account.orders[at] ?? null;
  if (order?.hold === "pending") return `I5 o${at} is stuck pending`;
  if ((order?.hold === "posted") !== isGrant(take)) return `I5 o${at} is ${holdOf(order)}`;
  if ((order?.isCancelled === true) !== (take?.state === "cancelled"))
    return `I5 o${at} is cancelled on one side only: a unit is stranded`;
  const cash = account.cash[at] ?? NO_CASH;
  if (cash.isPaid && order?.isCancelled && cash.refunds !== 1)
    return `I10 o${at} is paid and cancelled, and was never refunded`;
  return null;
}

function unpaid(world: World, state: State, at: number): string | null {
  return world.waitsForCash(state, at) ? `I5 o${at} waits for its cash` : null;
}

function holdOf(order: Order | null): string {
  return order?.hold ?? "none";
}
