import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Approval } from "../../../worker/staff/approval.ts";
import type { ApprovalKindView } from "../../../worker/staff/wire.ts";
import { Badge, useLocale, useNames, useWords, type Tone } from "../kit/index.ts";
import type { Tongue } from "./facts.ts";
import { APPROVALS } from "./words.ts";

const TONES: Readonly<Record<Approval["state"], Tone>> = {
  ...{ proposed: "warn", approved: "info", done: "ok" },
  ...{ rejected: "danger", withdrawn: "plain", refused: "danger" },
};

/** In whose words a proposal is told. */
export function useTongue(kinds: readonly ApprovalKindView[]): Tongue {
  const locale = useLocale();
  const names = useNames();
  return {
    ...{ locale, kinds, kindTitle: names.approvalKind },
    storeName: (storeId) => names.store(storeId) ?? storeId,
  };
}

export function StateBadge({ approval }: { approval: Approval }): JSX.Element {
  const words = useWords(APPROVALS);
  const [nowMs] = useState(() => Date.now());
  const isLapsed = approval.state === "proposed" && approval.expiresAtMs <= nowMs;
  if (isLapsed) return <Badge>{words.lapsed}</Badge>;
  return <Badge tone={TONES[approval.state]}>{words.states[approval.state]}</Badge>;
}
