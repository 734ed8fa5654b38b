/** What may still change of a promise that members have seen: only what is fair to all of them. Pure. */
import { LAW, type Law } from "./law.ts";
import type { Sale } from "./model.ts";

/**
 * A later end. Nobody who was refused gains by it and nobody who waits loses, so the epoch stays; but a closed sale has told
 * `closed` for ever and is never opened again.
 */
export function extend(sale: Sale, closesAtMs: number, law: Law = LAW): Sale | "conflict" {
  if (sale.status === "draft" || sale.terms.kind === "standing") return "conflict";
  const isClosed = sale.status === "closed";
  if (isClosed && law.extendNeverReopens) return "conflict";
  if (closesAtMs <= sale.terms.closesAtMs) return "conflict";
  return {
    ...sale,
    ...(isClosed ? { status: "open" as const, closedAtMs: null } : {}),
    terms: { ...sale.terms, closesAtMs, version: sale.terms.version + 1 },
    version: sale.version + 1,
  };
}
