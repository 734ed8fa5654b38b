/** States and traces as people read them. */
import type { Order } from "../../worker/accounts/orders.ts";
import type { Take } from "../../worker/redemption/model.ts";
import { NO_CASH } from "./cash.ts";
import { hasBit, type State } from "./layout.ts";
import { describeMessage } from "./messages.ts";
import type { Broken } from "./search.ts";
import type { World } from "./world.ts";

/** A line per thing that exists in a state; two states differ in the lines that changed. */
function factsOf(world: World, state: State): Map<string, string> {
  const facts = new Map<string, string>();
  const { sale, takes } = world.skuOf(state);
  facts.set("epoch", `e${sale.epoch}`);
  facts.set("sale", sale.status);
  facts.set("shelf", String(sale.shelf));
  facts.set("returned", String(sale.returned));
  for (const at of world.scene.orders) {
    const account = world.accountOf(state, at);
    const { refunds, isPaid } = account.cash[at] ?? NO_CASH;
    facts.set(`hold of o${at}`, describeHold(account.orders[at] ?? null));
    facts.set(`take of o${at}`, describeTake(takes[at] ?? null));
    if (isPaid) facts.set(`cash of o${at}`, refunds === 0 ? "paid" : `refunded ${refunds}×`);
  }
  const { gateUpTo } = world.aroundOf(state);
  if (gateUpTo > 0) facts.set("the Gate's notice", `up to e${gateUpTo}`);
  return facts;
}

function describeHold(order: Order | null): string {
  if (!order) return "none";
  if (order.isCancelled) return "posted, cancelled";
  if (order.hold === "refused") return "refused";
  const wanted = order.isWanted ? ", wanted" : "";
  return `${order.hold} e${order.epoch}${wanted}`;
}

const describeTake = (take: Take | null): string =>
  take ? `${take.state} e${take.epoch}` : "none";

/** Messages that left between two states, and those that wait for a commit. */
function newMessages(world: World, before: State, after: State): string[] {
  const { layout, scene } = world;
  const sets = [layout.net];
  if (layout.isExplicit)
    for (let part = 0; part <= scene.bounds.buckets; part += 1) sets.push(layout.waiting(part));
  const names: string[] = [];
  for (let id = 0; id < scene.messages.size; id += 1) {
    const isIn = (state: State): boolean => sets.some((set) => hasBit(state, set, id));
    if (isIn(after) && !isIn(before)) names.push(describeMessage(scene.messages.at(id)));
  }
  return names;
}

function effects(world: World, before: State, after: State): string {
  const old = factsOf(world, before);
  const changes = [...factsOf(world, after)].flatMap(([name, value]) => {
    const was = old.get(name) ?? "none";
    return was === value ? [] : [`${name}: ${was} → ${value}`];
  });
  const sent = newMessages(world, before, after);
  if (sent.length > 0) changes.push(`sent: ${sent.join(", ")}`);
  return changes.length === 0 ? "nothing changes" : changes.join("; ");
}

export function showTrace(world: World, broken: Broken): string {
  const lines: string[] = [];
  let before = world.start();
  broken.steps.forEach(({ action, state }, at) => {
    lines.push(`${String(at + 1).padStart(4)}  ${action}`);
    lines.push(`        ${state ? effects(world, before, state) : "rolled back"}`);
    if (state) before = state;
  });
  lines.push(`      ⇒ ${broken.message}`);
  return lines.join("\n");
}

/** Who wants what, and how far a search goes. */
export function showBounds(world: World): string {
  const { bounds } = world.scene;
  const lines = bounds.orders.map((plan, at) => {
    const extras = [
      plan.quantity > 1 ? `${plan.quantity} units` : "",
      plan.cancels ? "may cancel" : "",
      plan.forgoes ? "may give its ticket back" : "",
      plan.hasCash ? "pays cash too" : "",
      plan.idText === undefined ? "" : `id text “${plan.idText}”`,
      plan.replaces === undefined ? "" : `replaces o${plan.replaces}`,
    ].filter((extra) => extra !== "");
    return `  o${at}: member ${plan.member}, ${ROUTES[plan.route]}${extras.map((extra) => `, ${extra}`).join("")}`;
  });
  const events = [
    bounds.waves > 0 ? `${bounds.waves} wave(s)` : "",
    bounds.restocks > 0 ? `${bounds.restocks} restock(s)` : "",
    bounds.closes ? "a close" : "",
    bounds.pauses ? "a pause" : "",
    bounds.rests ? "a withdrawal" : "",
    bounds.nextSales > 0 ? "a next sale" : "",
    bounds.crashes > 0 ? `${bounds.crashes} crash(es)` : "",
    bounds.isExplicit ? "explicit commits" : "",
  ].filter((event) => event !== "");
  return [
    `${bounds.name}: ${bounds.stock} unit(s), limit ${bounds.limit}, ${bounds.points} point(s) each; ${events.join(", ")}`,
    ...lines,
  ].join("\n");
}

const ROUTES = {
  both: "ticket and redemption",
  ticket: "ticket",
  direct: "redemption",
  never_grabs: "ticket that is never used",
} as const;
