/** What a run leaves behind. */
import type { AuditRow } from "../load/api.ts";
import type { Peer } from "../peers/peer.ts";
import type { Machine } from "../load/machine.ts";
import type { Measurement } from "./measurement.ts";

/** What a run found; without breaches it is worth publishing. */
export interface Run {
  readonly command: string;
  readonly startedAt: string;
  readonly machine: Machine;
  readonly rounds: number;
  /** What each scenario was set to. */
  readonly settings: Readonly<Record<string, Readonly<Record<string, number | string>>>>;
  /** What stood beside the product, and how it was set up. */
  readonly peers: readonly PeerText[];
  readonly measurements: readonly Measurement[];
  readonly audit: readonly AuditSum[];
}

export type PeerText = Pick<Peer, "name" | "versions" | "settings">;

/** All rows of one name: a deep audit has a row a page. */
export interface AuditSum {
  readonly name: string;
  readonly rows: number;
  readonly checked: number;
  readonly inFlight: number;
  readonly ok: boolean;
}

export function sumAudit(rows: readonly AuditRow[]): AuditSum[] {
  const sums = new Map<string, AuditSum>();
  for (const { name, checked, inFlight, ok } of rows) {
    const sum = sums.get(name) ?? { name, rows: 0, checked: 0, inFlight: 0, ok: true };
    sums.set(name, {
      name,
      rows: sum.rows + 1,
      checked: sum.checked + checked,
      inFlight: sum.inFlight + inFlight,
      ok: sum.ok && ok,
    });
  }
  return [...sums.values()];
}

export interface Outcome {
  readonly run: Run;
  /** Named invariants that did not hold. */
  readonly breaches: readonly string[];
}
