import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Approval } from "../../../worker/staff/approval.ts";
import type { ApprovalKindView } from "../../../worker/staff/wire.ts";
import { Badge, useWords, yuanOf, type Tone } from "../kit/index.ts";
import { APPROVALS } from "./words.ts";

const TONES: Readonly<Record<Approval["state"], Tone>> = {
  ...{ proposed: "warn", approved: "info", done: "ok" },
  ...{ rejected: "danger", withdrawn: "plain", refused: "danger" },
};

/** The figure with its unit, as the kind counts it. */
export function useFigure(kinds: readonly ApprovalKindView[]): (approval: Approval) => string {
  const words = useWords(APPROVALS);
  return ({ kind, figure }) => {
    const unit = kinds.find((one) => one.kind === kind)?.unit;
    const text = figure.toLocaleString("en-US");
    if (unit === "fen") return `¥${yuanOf(figure)}`;
    if (unit === "units") return words.units(text);
    return unit === "points" ? words.points(text) : "";
  };
}

export function StateBadge({ approval }: { approval: Approval }): JSX.Element {
  const words = useWords(APPROVALS);
  const [nowMs] = useState(() => Date.now());
  const isLapsed = approval.state === "proposed" && approval.expiresAtMs <= nowMs;
  if (isLapsed) return <Badge>{words.lapsed}</Badge>;
  return <Badge tone={TONES[approval.state]}>{words.states[approval.state]}</Badge>;
}
