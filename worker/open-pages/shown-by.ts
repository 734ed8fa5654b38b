/** Which acts of staff may change what members are shown. Pure. */
import type { AuditedCall } from "../platform/http/audited.ts";
import type { Change } from "./wire.ts";

const SET: ReadonlySet<string> = new Set([
  "goods.write",
  "stock.write",
  "stores.goods",
  "sales.write",
  "rules.write",
  "pages.write",
  "settings.write",
  // What a second person agrees to is done then.
  "approvals.decide",
]);

/**
 * Null: members see nothing of it. Told too often is a page read in vain, told once too seldom a page that stays as it was; so the right
 * decides, not the route.
 */
export function changeOf({ permission, action, status }: AuditedCall): Change | null {
  if (status >= 400) return null;
  if (permission === "sales.run") return "run";
  // An editor saves its draft every few seconds, and only a publication shows any of it.
  return SET.has(permission) && !/^put .*\/draft$/.test(action) ? "set" : null;
}
