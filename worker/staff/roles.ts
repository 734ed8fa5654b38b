/** The roles every programme has, and what a person holds by all of theirs. */
import { isPermission, PERMISSIONS, type Permission } from "../kernel/permission.ts";

export const BUILT_IN_ROLES = [
  "owner",
  "operations",
  "fulfilment",
  "service",
  "clerk",
  "finance",
  "auditor",
] as const;
export type BuiltInRole = (typeof BUILT_IN_ROLES)[number];

const READS = PERMISSIONS.filter((word) => word.endsWith(".read"));

export const PERMISSIONS_OF: Readonly<Record<BuiltInRole, readonly Permission[]>> = {
  owner: PERMISSIONS,
  operations: [
    ...[
      "goods.read",
      "goods.write",
      "stock.write",
      "stores.goods",
      "sales.read",
      "sales.write",
      "sales.run",
    ],
    ...[
      "rules.read",
      "rules.write",
      "members.read",
      "members.names",
      "points.read",
      "points.grant",
      "points.approve",
      "codes.issue",
    ],
    ...["orders.read", "pages.read", "pages.write", "settings.read"],
    ...["approvals.read", "approvals.decide"],
  ] as Permission[],
  fulfilment: [
    ...[
      "goods.read",
      "stock.write",
      "orders.read",
      "orders.ship",
      "orders.write_off",
      "orders.codes",
    ],
    ...["members.names", "members.phones", "members.addresses", "members.reveal"],
    "approvals.read",
  ] as Permission[],
  service: [
    ...["goods.read", "sales.read", "members.read", "members.write", "members.reveal"],
    ...["members.names", "members.phones", "members.addresses", "members.merge"],
    ...["points.read", "points.grant", "orders.read", "orders.refund", "approvals.read"],
  ] as Permission[],
  clerk: [
    "goods.read",
    "stores.goods",
    "rules.read",
    "members.read",
    "members.names",
    "members.phones",
    "orders.read",
    "orders.write_off",
    "codes.issue",
  ],
  finance: [
    "goods.read",
    "sales.read",
    "points.read",
    "orders.read",
    "finance.read",
    "approvals.read",
  ],
  auditor: READS,
};

export const ROLE_TITLES: Readonly<Record<BuiltInRole, Readonly<Record<"zh-CN" | "en", string>>>> =
  {
    owner: { "zh-CN": "店主", en: "Owner" },
    operations: { "zh-CN": "运营", en: "Operations" },
    fulfilment: { "zh-CN": "发货", en: "Fulfilment" },
    service: { "zh-CN": "客服", en: "Customer service" },
    clerk: { "zh-CN": "店员", en: "Store clerk" },
    finance: { "zh-CN": "财务（只读）", en: "Finance, read-only" },
    auditor: { "zh-CN": "审计", en: "Auditor" },
  };

export function isBuiltInRole(roleId: string): roleId is BuiltInRole {
  return (BUILT_IN_ROLES as readonly string[]).includes(roleId);
}

/**
 * All that somebody bound to stores can hold: their routes ask for the store and refuse another's. Everything else acts on the
 * whole programme, so a role that allows it does not do so in a store.
 */
const IN_STORES: ReadonlySet<Permission> = new Set<Permission>([
  ...([
    "goods.read",
    "sales.read",
    "rules.read",
    "members.read",
    "members.names",
    "members.phones",
    "orders.read",
    "pages.read",
  ] as const),
  ...(["orders.write_off", "codes.issue", "stores.goods"] as const),
]);

/** What somebody may do: everything that any of their roles allows, and of that only what a store allows if they are bound to one. */
export function heldBy(
  roleIds: readonly string[],
  custom: Readonly<Record<string, readonly string[]>>,
  storeIds: readonly string[] | null,
): ReadonlySet<Permission> {
  const held = permissionsOf(roleIds, custom);
  return storeIds === null ? held : new Set([...held].filter((word) => IN_STORES.has(word)));
}

/** Everything that any of the roles allows; a role nobody knows any more allows nothing. */
export function permissionsOf(
  roleIds: readonly string[],
  custom: Readonly<Record<string, readonly string[]>>,
): ReadonlySet<Permission> {
  const held = roleIds.flatMap((roleId): readonly string[] =>
    isBuiltInRole(roleId) ? PERMISSIONS_OF[roleId] : (custom[roleId] ?? []),
  );
  return new Set(held.filter(isPermission));
}

/**
 * Nobody hands out what they do not hold: without this, `staff.write` would be every permission there is. The owner's role is
 * given by owners only.
 */
export function mayAssign(
  giver: { readonly roleIds: readonly string[]; readonly permissions: ReadonlySet<Permission> },
  roleIds: readonly string[],
  custom: Readonly<Record<string, readonly string[]>>,
): boolean {
  if (roleIds.includes("owner") && !giver.roleIds.includes("owner")) return false;
  return [...permissionsOf(roleIds, custom)].every((word) => giver.permissions.has(word));
}
