import { assertWallet } from "../../accounts/points/index.ts";
import { InvariantBreach } from "../../kernel/invariant.ts";
import { assertSale } from "../../redemption/model.ts";
import type { World } from "./world.ts";

/** A named invariant does not hold. */
export class Breach extends Error {
  readonly invariant: string;

  constructor(invariant: string, message: string) {
    super(`${invariant}: ${message}`);
    this.invariant = invariant;
  }
}

/** The name of an invariant that production code itself asserted. */
export function nameOf(error: unknown): string {
  if (error instanceof Breach) return error.invariant;
  if (error instanceof InvariantBreach) return /^I\d+/.exec(error.message)?.[0] ?? "assertion";
  throw error;
}

function demand(invariant: string, condition: boolean, message: string): void {
  if (!condition) throw new Breach(invariant, message);
}

/** What must hold after every step (docs/protocol.md, Invariants). */
export function checkAlways(world: World): void {
  assertSale(world.sale);
  checkUnits(world);
  checkPoints(world);
  checkOrders(world);
}

function checkUnits(world: World): void {
  const { sale } = world;
  let live = 0;
  for (const take of world.takes.values()) if (take.state === "granted") live += take.quantity;
  demand("I1", live === sale.live, `live takes ${live} are counted as ${sale.live}`);
  demand("I2", live <= sale.stocked, `sold ${live} of ${sale.stocked}`);
  demand("I8", world.staleGrants.size === 0, "a grant under an old epoch");
  for (const said of world.soldOutSaid) {
    const isCurrent = said.epoch === sale.epoch && sale.status === "open";
    demand(
      "I3",
      !isCurrent || sale.shelf < said.quantity,
      `sold out was said for ${said.quantity}, the shelf has ${sale.shelf}`,
    );
  }
}

function checkPoints(world: World): void {
  for (const member of world.members.values()) {
    assertWallet(member);
    let held = 0;
    let spent = 0;
    let units = 0;
    for (const order of world.orders.values()) {
      if (order.memberKey !== member.memberKey) continue;
      const isLive = order.hold === "posted" && !order.isCancelled;
      if (order.hold === "pending") held += order.points;
      if (isLive) spent += order.points;
      if (isLive || order.hold === "pending") units += order.quantity;
    }
    demand("I4", held === member.held, `held ${member.held}, pending orders ${held}`);
    demand("I4", spent === member.spent, `spent ${member.spent}, live orders ${spent}`);
    demand("I7", units <= world.sale.terms.limitPerMember, `${units} units in hand`);
  }
}

function checkOrders(world: World): void {
  const keys = new Set([...world.orders.keys(), ...world.takes.keys(), ...world.told.keys()]);
  for (const key of keys) {
    const order = world.orders.get(key);
    const take = world.takes.get(key);
    const isGranted = take?.state === "granted" || take?.state === "cancelled";
    const told = world.told.get(key);
    const isHeld = order?.hold === "pending" || order?.hold === "posted";
    demand("I5", !isGranted || isHeld, `${key} is granted, its hold is ${order?.hold ?? "none"}`);
    demand("I5", order?.hold !== "posted" || isGranted, `${key} is posted without a grant`);
    demand(
      "I5",
      take?.state !== "cancelled" || order?.isCancelled === true,
      `${key} is live, its take is cancelled`,
    );
    demand("I6", !(told?.has("refused") && isGranted), `${key} was told refused and is granted`);
    demand("I6", !(told?.has("refused") && told.has("granted")), `${key} was told both`);
    demand("I6", !told?.has("granted") || isGranted, `${key} was told granted without a grant`);
    demand("I9", !isGranted || world.tapped.has(key), `${key} is granted though nobody tapped`);
  }
  for (const intent of world.intents) {
    if (intent.replaces === null) continue;
    const order = world.orders.get(`${intent.memberKey} ${intent.orderId}`);
    const old = world.orders.get(`${intent.memberKey} ${intent.replaces}`);
    const isLive = order?.hold === "pending" || order?.hold === "posted";
    const isOldOpen = old?.hold === "pending" || old?.hold === "posted";
    demand("I7", !(isLive && isOldOpen), "an exchanged ticket lives beside the new one");
  }
}

/** What must hold once faults have stopped and everything was delivered. */
export function checkAtRest(world: World): void {
  checkAlways(world);
  for (const [key, order] of world.orders) {
    const take = world.takes.get(key);
    const isGranted = take?.state === "granted" || take?.state === "cancelled";
    demand("I5", order.hold !== "pending", `${key} is stuck pending`);
    demand("I5", (order.hold === "posted") === isGranted, `${key} is ${order.hold}`);
    demand("I5", order.isCancelled === (take?.state === "cancelled"), `${key}: a unit is stranded`);
  }
  demand("I3", world.sale.returned === 0, "units are left in returned");
}
