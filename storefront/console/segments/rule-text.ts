import type { SegmentView } from "../../../worker/segments/wire.ts";
import { count } from "../../ui/format.ts";
import type { Names } from "../kit/index.ts";
import type { SEGMENTS } from "./words.ts";

export type Condition = SegmentView["rule"]["all"][number];
type Words = (typeof SEGMENTS)["en"];

/** One condition as a short phrase. */
export function conditionText(
  one: Condition,
  words: Words,
  names: Pick<Names, "tier" | "store">,
): string {
  const kind = words.kind[one.kind] ?? one.kind;
  switch (one.kind) {
    case "top":
      return words.topText(words.byFigure[one.by], one.percent);
    case "frequency":
    case "balance":
    case "spent":
      return one.max === null
        ? `${kind} ≥ ${count(one.min)}`
        : `${kind} ${count(one.min)}–${count(one.max)}`;
    case "purchased":
    case "redeemed":
    case "active":
      return words.agoText(kind, one.days, one.is);
    case "expiring":
      return words.expiringText(one.days);
    case "tier":
      return `${kind} ${one.tierIds.map(names.tier).join(", ")}`;
    case "store":
      return `${kind} ${one.storeIds.map(names.store).join(", ")}`;
    case "label":
      return `${kind} ${one.labelIds.join(", ")}`;
  }
}

/** A condition of a kind to begin with. */
export function freshCondition(kind: Condition["kind"]): Condition {
  switch (kind) {
    case "top":
      return { kind, percent: 30, by: "frequency" };
    case "frequency":
      return { kind, min: 3, max: null };
    case "balance":
    case "spent":
      return { kind, min: 500, max: null };
    case "purchased":
    case "redeemed":
    case "active":
      return { kind, days: 30, is: "within" };
    case "expiring":
      return { kind, days: 15 };
    case "tier":
      return { kind, tierIds: [] };
    case "store":
      return { kind, storeIds: [] };
    case "label":
      return { kind, labelIds: [] };
  }
}
