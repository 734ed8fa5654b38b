/**
 * What staff can be allowed to do, one word per act. A route names exactly one of them (`RouteSpec.permission`), a role is a set of them,
 * and nobody holds one by default.
 */
export const PERMISSIONS = [
  "goods.read",
  "goods.write",
  "stock.write",
  "stores.goods",
  "sales.read",
  "sales.write",
  "sales.run",
  "rules.read",
  "rules.write",
  "members.read",
  "members.write",
  "members.names",
  "members.phones",
  "members.addresses",
  "members.reveal",
  "members.merge",
  "points.read",
  "points.grant",
  "points.approve",
  "codes.issue",
  "orders.read",
  "orders.ship",
  "orders.write_off",
  "orders.refund",
  "orders.codes",
  "pages.read",
  "pages.write",
  "settings.read",
  "settings.write",
  "staff.read",
  "staff.write",
  "finance.read",
  "finance.write",
  "audit.read",
  "approvals.read",
  "approvals.decide",
] as const;

export type Permission = (typeof PERMISSIONS)[number];

const ALL: ReadonlySet<string> = new Set(PERMISSIONS);

/** What a staff route may name: a permission, or `self` for what anybody may do with their own sign-in. */
export type StaffRight = Permission | "self";

export function isPermission(text: string): text is Permission {
  return ALL.has(text);
}
