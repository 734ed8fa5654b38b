/** What happens without a message: alarms, outboxes, staff, clocks, commits and crashes. */
import type { AccountState } from "./account-state.ts";
import type { State } from "./layout.ts";
import type { SkuEvent, SkuState } from "./sku.ts";
import type { Around, Visit, World } from "./world.ts";

export function happenings(world: World, state: State, visit: Visit): void {
  ofOrders(world, state, visit);
  ofTheSale(world, state, visit);
  ofClocks(world, state, visit);
  if (world.layout.isExplicit) commits(world, state, visit);
  else lostRows(world, state, visit);
}

function ofOrders(world: World, state: State, visit: Visit): void {
  const { rules } = world.scene;
  const { layout } = world;
  const sku = state[layout.sku] ?? 0;
  const { grantRows } = world.sku.at(sku);
  for (const at of world.scene.orders) {
    const part = layout.account(world.scene.bucketOf(at));
    const account = state[part] ?? 0;
    const { orders, cancelRows } = world.account.at(account);
    if (rules.alarm && orders[at]?.hold === "pending") {
      const outcome = world.alarm(account, at);
      world.apply(state, part, outcome, () => `Account alarm for o${at}`, visit);
    }
    if (rules.skuOutbox && (grantRows >> at) & 1) {
      const outcome = world.grantFromOutbox(sku, at);
      world.apply(state, layout.sku, outcome, () => `Sku outbox: grant of o${at}`, visit);
    }
    if ((cancelRows >> at) & 1) {
      const outcome = world.cancelFromOutbox(account, at);
      world.apply(state, part, outcome, () => `Account outbox: cancel of o${at}`, visit);
    }
    if (world.waitsForCash(state, at)) {
      const outcome = world.cancelUnpaid(account, at);
      world.apply(state, part, outcome, () => `Account: o${at} was not paid in time`, visit);
    }
  }
}

function ofTheSale(world: World, state: State, visit: Visit): void {
  const { bounds, rules } = world.scene;
  const { sale } = world.skuOf(state);
  const around = world.aroundOf(state);
  const on = (event: SkuEvent, change?: Partial<Around>): void => {
    const outcome = world.skuEvent(state[world.layout.sku] ?? 0, event);
    const withCount: Visit = (action, next, breach) => {
      if (next && change) next[world.layout.world] = world.around.id({ ...around, ...change });
      visit(action, next, breach);
    };
    world.apply(state, world.layout.sku, outcome, () => `Sku: ${event}`, withCount);
  };
  const isOpen = sale.status === "open";
  const isClosed = sale.status === "closed";
  const statusChanges = around.statusChanges + 1;
  if (sale.status === "scheduled") on("open");
  if (isOpen && sale.returned > 0 && around.waves < bounds.waves)
    on("wave", { waves: around.waves + 1 });
  if (isClosed && sale.returned > 0) on("units move out");
  if (!isClosed && sale.stocked - bounds.stock < bounds.restocks) on("restock");
  if (bounds.pauses && isOpen && around.statusChanges < 1) on("pause", { statusChanges });
  if (bounds.rests && isOpen && around.statusChanges < 1) on("rest", { statusChanges });
  if (sale.status === "paused") on("resume");
  if (bounds.closes && isOpen) on("close");
  if (!isClosed) on("extend");
  else if (!rules.law.extendNeverReopens && around.statusChanges < 1)
    on("extend", { statusChanges });
  if (!rules.closeIsLatched && isClosed && around.statusChanges < 1)
    on("clock steps back over the close", { statusChanges });
  if (world.hasNotice(state)) on("notice");
  if (isClosed && around.statusChanges < bounds.nextSales)
    on("next sale scheduled", { statusChanges, clocks: 0 });
}

/** The opening passes on each Account's own clock, after the Sku has opened unless clocks may be ahead. */
function ofClocks(world: World, state: State, visit: Visit): void {
  const { bounds, rules } = world.scene;
  const isScheduled =
    world.skuOf(state).sale.status === "scheduled" ||
    world.durableSku(state).sale.status === "scheduled";
  if (isScheduled && !rules.accountClockAhead) return;
  const { clocks } = world.aroundOf(state);
  for (let bucket = 0; bucket < bounds.buckets; bucket += 1) {
    if ((clocks >> bucket) & 1) continue;
    const change = { clocks: clocks | (1 << bucket) };
    const action = () => `the opening passes on the clock of Account ${bucket}`;
    world.applyAround(state, change, [], action, visit);
  }
}

/** The Gate forgets; and, where outbox rows are not in the commit of their cause, objects forget those. */
function lostRows(world: World, state: State, visit: Visit): void {
  gateCrash(world, state, visit);
  const { bounds, rules } = world.scene;
  const around = world.aroundOf(state);
  if (around.crashes >= bounds.crashes) return;
  const counted = world.around.id({ ...around, crashes: around.crashes + 1 });
  if (!rules.cancelRowInCommit) {
    const next = state.slice();
    for (let bucket = 0; bucket < bounds.buckets; bucket += 1) {
      const part = world.layout.account(bucket);
      const account = world.account.at(next[part] ?? 0);
      next[part] = world.account.id({ ...account, cancelRows: 0 } satisfies AccountState);
    }
    next[world.layout.world] = counted;
    visit(() => "Accounts crash", next, null);
  }
  if (!rules.grantRowInCommit) {
    const next = state.slice();
    next[world.layout.sku] = world.sku.id({
      ...world.skuOf(state),
      grantRows: 0,
    } satisfies SkuState);
    next[world.layout.world] = counted;
    visit(() => "Sku crashes", next, null);
  }
}

function gateCrash(world: World, state: State, visit: Visit): void {
  const around = world.aroundOf(state);
  if (around.gateUpTo === 0 || around.crashes >= world.scene.bounds.crashes) return;
  const change = { gateUpTo: 0, gateNamed: 0, crashes: around.crashes + 1 };
  world.applyAround(state, change, [], () => "Gate crashes", visit);
}

/** Explicit commits: what a part did becomes durable and its messages leave, or a crash takes both. */
function commits(world: World, state: State, visit: Visit): void {
  gateCrash(world, state, visit);
  const { bounds } = world.scene;
  const around = world.aroundOf(state);
  for (let part = 0; part <= bounds.buckets; part += 1) {
    if (!isDirty(world, state, part)) continue;
    const name = part === world.layout.sku ? "Sku" : `Account ${part - 1}`;
    const durable = state.slice();
    commit(world, durable, part);
    visit(() => `${name} commits`, durable, null);
    if (around.crashes >= bounds.crashes) continue;
    const lost = state.slice();
    revert(world, lost, part);
    lost[world.layout.world] = world.around.id({ ...around, crashes: around.crashes + 1 });
    visit(() => `${name} crashes`, lost, null);
  }
}

function isDirty({ layout }: World, state: State, part: number): boolean {
  if (state[part] !== state[layout.onDisk(part)]) return true;
  const waiting = layout.waiting(part);
  for (let word = 0; word < layout.setWords; word += 1) if (state[waiting + word]) return true;
  return false;
}

function commit({ layout }: World, state: State, part: number): void {
  state[layout.onDisk(part)] = state[part] ?? 0;
  const waiting = layout.waiting(part);
  for (let word = 0; word < layout.setWords; word += 1) {
    state[layout.net + word] = (state[layout.net + word] ?? 0) | (state[waiting + word] ?? 0);
    state[waiting + word] = 0;
  }
}

/** A crash: back to what was committed; what waited for the commit never leaves. */
export function revert({ layout }: World, state: State, part: number): void {
  state[part] = state[layout.onDisk(part)] ?? 0;
  const waiting = layout.waiting(part);
  state.fill(0, waiting, waiting + layout.setWords);
}
