import { LAW, type Law } from "../../redemption/law.ts";
import { Breach, checkAlways, checkAtRest, nameOf } from "./invariants.ts";
import { Random } from "./random.ts";
import { OPENS_AT_MS, termsFor, type Intent, type Message } from "./scene.ts";
import { World } from "./world.ts";

const STEPS = 140;
const REST_ROUNDS = 12;

export interface Run {
  readonly seed: number;
  /** The invariant that broke, or null. */
  readonly broken: string | null;
  readonly message: string;
  readonly step: number;
}

/** One seeded life of a sale; the same seed and law give the same life. */
export function runSeed(seed: number, law: Law = LAW): Run {
  const random = new Random(seed);
  const world = makeWorld(random, law);
  let step = 0;
  try {
    for (; step < STEPS; step += 1) {
      stepOnce(world);
      checkAlways(world);
    }
    comeToRest(world);
    checkAtRest(world);
    return { seed, broken: null, message: "", step };
  } catch (error) {
    return { seed, broken: nameOf(error), message: String(error), step };
  }
}

function makeWorld(random: Random, law: Law): World {
  const quantityMax = random.chance(0.3) ? 2 : 1;
  const limit = quantityMax === 2 ? 2 : random.pick([1, 1, 2]);
  const members = ["demo:a", "demo:b", "demo:c"].slice(0, 2 + random.below(2));
  const intents: Intent[] = [];
  members.forEach((memberKey) => {
    const count = 1 + random.below(2);
    for (let at = 0; at < count; at += 1) {
      // Members share order id texts on purpose: the identity is the pair.
      const orderId = `order-${at}`;
      const replaces = at > 0 && random.chance(0.4) ? `order-${at - 1}` : null;
      intents.push({
        memberKey,
        orderId,
        quantity: quantityMax === 2 ? 1 + random.below(2) : 1,
        // Only a ticket is exchanged; a redemption has nothing to replace.
        route: replaces
          ? "ticket"
          : random.pick(["ticket", "direct", "both", "both", "never_taps"]),
        cancels: random.chance(0.45),
        forgoes: random.chance(0.1),
        replaces,
      });
    }
  });
  const world = new World(law, random, intents, termsFor(quantityMax, limit), 1 + random.below(2));
  for (const intent of intents) for (const message of requestsOf(intent)) world.send(message);
  return world;
}

function requestsOf(intent: Intent): Message[] {
  const to = "account";
  const messages: Message[] = [];
  if (intent.route !== "direct") messages.push({ to, kind: "ticket", intent });
  if (intent.route === "direct" || intent.route === "both")
    messages.push({ to, kind: "redeem", intent });
  if (intent.cancels) messages.push({ to, kind: "cancel", intent });
  if (intent.forgoes) messages.push({ to, kind: "forgo", intent });
  return messages;
}

function stepOnce(world: World): void {
  const { random } = world;
  const roll = random.next();
  if (roll < 0.72) return deliverSomething(world);
  if (roll < 0.82) return repeatSomething(world);
  if (roll < 0.86) {
    world.nowMs += random.pick([1, 400, OPENS_AT_MS]);
    return;
  }
  if (roll < 0.9) {
    if (world.sale.status === "open" && world.sale.returned > 0) world.wave();
    return;
  }
  if (roll < 0.92) return world.restock();
  if (roll < 0.95) return world.publishNotice();
  if (roll > 0.999) return world.extend();
  if (roll < 0.965) return world.changeStatus(world.sale.status === "paused" ? "resume" : "pause");
  if (roll < 0.975) return world.changeStatus("close");
  // A crash of any object: commits survive, everything in flight is gone; clients and alarms ask again.
  world.network = [];
}

function deliverSomething(world: World): void {
  const { random, network } = world;
  if (network.length === 0) return repeatSomething(world);
  const at = random.below(network.length);
  const message = network[at];
  if (!message) return;
  // Delivered once, delivered and kept for a duplicate, or lost.
  if (random.chance(0.8)) network.splice(at, 1);
  if (random.chance(0.92)) world.deliver(message);
}

/** Clients repeat themselves, outboxes and alarms send again. */
function repeatSomething(world: World): void {
  const { random } = world;
  const pending = [...world.orders.values()].filter((order) => order.hold === "pending");
  const roll = random.next();
  if (roll < 0.4 && pending.length > 0) return world.alarm(random.pick(pending));
  if (roll < 0.55 && world.grantsOut.size > 0)
    return sendGrant(world, random.pick([...world.grantsOut]));
  if (roll < 0.7 && world.cancelsOut.size > 0)
    return sendCancel(world, random.pick([...world.cancelsOut]));
  for (const message of requestsOf(random.pick(world.intents))) {
    if (random.chance(0.5)) world.send(message);
  }
}

function sendGrant(world: World, key: string): void {
  const take = world.takes.get(key);
  if (!take) throw new Breach("I5", "an outbox row without a take");
  const { epoch, quantity, ordinal, remaining, atMs } = take;
  world.send({
    to: "account",
    kind: "answer",
    key,
    answer: { kind: "granted", epoch, quantity, ordinal, remaining, atMs },
  });
}

function sendCancel(world: World, key: string): void {
  const take = world.takes.get(key);
  world.send({
    to: "sku",
    kind: "cancel",
    key,
    epoch: take?.epoch ?? 0,
    quantity: take?.quantity ?? 1,
  });
}

/** Faults stop: outboxes, alarms, waves and the close run until nothing is left to do. */
function comeToRest(world: World): void {
  world.network = [];
  world.nowMs += OPENS_AT_MS;
  if (world.sale.status === "paused") world.changeStatus("resume");
  for (let round = 0; round < REST_ROUNDS; round += 1) {
    for (const key of world.grantsOut) sendGrant(world, key);
    for (const key of world.cancelsOut) sendCancel(world, key);
    for (const order of world.orders.values()) if (order.hold === "pending") world.alarm(order);
    if (round === REST_ROUNDS / 2) world.changeStatus("close");
    drain(world);
    if (world.sale.status === "open" && world.sale.returned > 0) world.wave();
  }
  if (world.sale.status === "closed") {
    const { sale } = world;
    const units = sale.shelf + sale.returned;
    world.sale = { ...sale, shelf: 0, returned: 0, movedOut: sale.movedOut + units };
  }
}

function drain(world: World): void {
  for (let guard = 0; world.network.length > 0 && guard < 10_000; guard += 1) {
    const message = world.network.shift();
    if (message) {
      world.deliver(message);
      checkAlways(world);
    }
  }
}
