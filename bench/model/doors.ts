/** What answers without the Account or the Sku: a Gate from what it has heard, a Worker from what it was given. */
import type { State } from "./layout.ts";
import { BY_DOOR, bucketOfNotice, describeMessage, namedBy, type Message } from "./messages.ts";
import { readNotice } from "./notices.ts";
import type { Around, Visit, World } from "./world.ts";

/** A Gate takes in a notice, or answers or forwards a grab. */
export function toGate(
  world: World,
  state: State,
  message: Message,
  name: string,
  visit: Visit,
): void {
  const around = world.aroundOf(state);
  if (message.kind === "door_notice") {
    const change =
      message.epoch >= around.gateUpTo
        ? { gateUpTo: message.epoch, gateNamed: namedBy(message) }
        : {};
    return world.applyAround(state, change, [], () => `Gate ← ${name}`, visit);
  }
  const answer = (falsely: number, note: string): void => {
    const sends = [gateAnswer(world, message, around, falsely)];
    world.applyAround(state, {}, sends, () => `Gate ← ${name}${note}`, visit);
  };
  answer(0, "");
  for (const falsely of world.scene.falsePresents())
    answer(falsely, ` with false presents ${falsely.toString(2)}`);
}

function gateAnswer(
  world: World,
  { order, epoch }: Message,
  around: Around,
  falsely: number,
): number {
  const { messages, rules } = world.scene;
  const refuse = (): number => messages.id("told_refused", order);
  const forward = (): number => messages.id("take", order, epoch, BY_DOOR);
  if (around.gateUpTo === 0) return forward();
  switch (rules.gateCache) {
    case "none":
      return forward();
    case "any_stamp":
      return refuse();
    case "its_epoch":
      return around.gateUpTo === epoch ? refuse() : forward();
    case "frozen": {
      const notice = { upTo: around.gateUpTo, named: around.gateNamed };
      const verdict = readNotice(world.scene, notice, falsely, order, epoch);
      if (verdict === "refused") return refuse();
      const isGrant = verdict === "present" && rules.noticeForm !== "bloom";
      return isGrant ? messages.id("told_granted", order) : forward();
    }
  }
}

/** What a Worker may answer without any object. */
export function toWorker(
  world: World,
  state: State,
  message: Message,
  name: string,
  visit: Visit,
): void {
  const { rules, messages } = world.scene;
  const at = message.order;
  const { sale } = world.skuOf(state);
  const told = (verdict: "granted" | "refused"): number =>
    messages.id(verdict === "granted" ? "told_granted" : "told_refused", at);
  if (rules.workerCache && !world.layout.isExplicit && sale.status === "open" && sale.shelf === 0) {
    const action = () => `Worker refuses ${name} from its cache`;
    world.applyAround(state, {}, [told("refused")], action, visit);
  }
  if (rules.workerShare !== "none") fromShares(world, state, message, name, visit);
  if (!rules.workerAnswersFrozen) return;
  for (const notice of world.sentOf(state, "notice")) {
    const stamp = rules.requestNamesEpoch ? world.scene.namedEpoch(at) : 0;
    const from = { upTo: notice.epoch, named: namedBy(notice) };
    for (const falsely of [0, ...world.scene.falsePresents()]) {
      const verdict = readNotice(world.scene, from, falsely, at, stamp);
      if (verdict === "not_covered") continue;
      if (verdict === "present" && rules.noticeForm === "bloom") continue;
      const answer = verdict === "refused" ? "refused" : "granted";
      const action = () => `Worker answers ${name} from ${describeMessage(notice)}: ${answer}`;
      world.applyAround(state, {}, [told(answer)], action, visit);
    }
  }
}

/** An id that is absent from its Account's share, under a stamp that the share covers, is refused for ever. */
function fromShares(
  world: World,
  state: State,
  message: Message,
  name: string,
  visit: Visit,
): void {
  const { rules, messages } = world.scene;
  const at = message.order;
  const stamp = rules.requestNamesEpoch ? world.scene.namedEpoch(at) : 0;
  for (const share of world.sentOf(state, "share")) {
    if (bucketOfNotice(share) !== world.scene.bucketOf(at)) continue;
    const isCovered = rules.workerShare === "covers_all" || stamp <= share.epoch;
    if (!isCovered || (namedBy(share) >> at) & 1) continue;
    const action = () => `Worker refuses ${name} from ${describeMessage(share)}`;
    world.applyAround(state, {}, [messages.id("told_refused", at)], action, visit);
  }
}
