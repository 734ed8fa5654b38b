/** Fitting bodies and paths of the staff domain's routes, for the tests that spoil them. */
import type { Json } from "./http-shop.ts";

/** Every route: who may call it, and what the right caller, of the development login, is answered with a fitting body. */
export const STAFF_ROUTES: Readonly<Record<string, readonly ["public" | "staff", number]>> = {
  "get /api/v1/staff-auth/state": ["public", 200],
  "post /api/v1/staff-auth/password": ["public", 401],
  "post /api/v1/staff-auth/second-step": ["public", 401],
  "post /api/v1/staff-auth/passkey/options": ["public", 200],
  "post /api/v1/staff-auth/passkey": ["public", 401],
  "post /api/v1/staff-auth/setup": ["public", 404],
  "post /api/v1/staff-auth/merchants": ["public", 404],
  "post /api/v1/staff-auth/recover": ["public", 404],
  "post /api/v1/staff-auth/link": ["public", 404],
  "post /api/v1/staff-auth/join": ["public", 404],
  "post /api/v1/staff-auth/reset": ["public", 404],
  "get /api/v1/staff/me": ["staff", 200],
  "get /api/v1/staff/me/names": ["staff", 200],
  "put /api/v1/staff/me/programme": ["staff", 409],
  "get /api/v1/staff/me/sessions": ["staff", 200],
  "delete /api/v1/staff/me/sessions/{staffSessionId}": ["staff", 409],
  "put /api/v1/staff/me/password": ["staff", 409],
  "post /api/v1/staff/me/sign-out": ["staff", 200],
  "get /api/v1/staff/me/security": ["staff", 200],
  "post /api/v1/staff/me/totp": ["staff", 409],
  "post /api/v1/staff/me/totp/confirm": ["staff", 409],
  "post /api/v1/staff/me/totp/remove": ["staff", 409],
  "post /api/v1/staff/me/recovery-codes": ["staff", 409],
  "post /api/v1/staff/me/passkeys/options": ["staff", 409],
  "post /api/v1/staff/me/passkeys": ["staff", 409],
  "post /api/v1/staff/me/passkeys/{credentialId}/remove": ["staff", 404],
  "get /api/v1/staff/people": ["staff", 200],
  "post /api/v1/staff/invites": ["staff", 201],
  "delete /api/v1/staff/invites/{inviteId}": ["staff", 404],
  "put /api/v1/staff/people/{staffId}": ["staff", 404],
  "post /api/v1/staff/people/{staffId}/reset": ["staff", 404],
  "post /api/v1/staff/people/{staffId}/sign-out": ["staff", 404],
  "get /api/v1/staff/roles": ["staff", 200],
  "post /api/v1/staff/roles": ["staff", 201],
  "put /api/v1/staff/roles/{roleId}": ["staff", 404],
  "delete /api/v1/staff/roles/{roleId}": ["staff", 404],
  "get /api/v1/staff/policy": ["staff", 200],
  "put /api/v1/staff/policy": ["staff", 200],
  "get /api/v1/staff/tenant": ["staff", 200],
  "post /api/v1/staff/brands": ["staff", 201],
  "put /api/v1/staff/brands/{brandId}": ["staff", 404],
  "post /api/v1/staff/stores": ["staff", 404],
  "put /api/v1/staff/stores/{storeId}": ["staff", 404],
  "get /api/v1/staff/approvals": ["staff", 200],
  "post /api/v1/staff/approvals/{approvalId}/approve": ["staff", 404],
  "post /api/v1/staff/approvals/{approvalId}/reject": ["staff", 404],
  "post /api/v1/staff/approvals/{approvalId}/withdraw": ["staff", 404],
  "get /api/v1/staff/approval-kinds": ["staff", 200],
  "put /api/v1/staff/approval-kinds/{kind}": ["staff", 404],
  "get /api/v1/staff/audit-log": ["staff", 200],
  "get /api/v1/staff/audit-log/export": ["staff", 200],
  "get /api/v1/staff/audit-log/verify": ["staff", 200],
};

/** What stands in the paths; names that other domains use keep their values. */
export const STAFF_PARAMS: Readonly<Record<string, string>> = {
  approvalId: "never-proposed-0001",
  staffSessionId: "ses-0123",
  credentialId: "none",
  inviteId: "none",
  staffId: "stf-0123",
  roleId: "none",
  brandId: "none",
  storeId: "none",
};

const NOTE = { note: "test" };
const EMAIL = "nobody@example.com";
const PASSWORD = "fitting enough 42";
const PASSKEY = {
  id: "x",
  rawId: "x",
  type: "public-key",
  response: {},
  clientExtensionResults: {},
};
const AUTH = "/api/v1/staff-auth";
const STAFF = "/api/v1/staff";

export const STAFF_FITTING: Readonly<Record<string, Json>> = {
  [`${AUTH}/password`]: { email: EMAIL, password: PASSWORD },
  [`${AUTH}/second-step`]: { code: "123456" },
  [`${AUTH}/passkey`]: { answer: PASSKEY },
  [`${AUTH}/setup`]: {
    ...{ setupKey: "not the key", merchantName: "店", name: "店主" },
    ...{ email: EMAIL, password: PASSWORD },
  },
  [`${AUTH}/merchants`]: {
    ...{ setupKey: "not the key", programmeId: "second", merchantName: "店", email: EMAIL },
  },
  [`${AUTH}/recover`]: { setupKey: "not the key", email: EMAIL },
  [`${AUTH}/link`]: { token: "none" },
  [`${AUTH}/join`]: { token: "none", name: "新人", password: PASSWORD },
  [`${AUTH}/reset`]: { token: "none", password: PASSWORD },
  [`${STAFF}/me/programme`]: { programmeId: "other" },
  [`${STAFF}/me/password`]: { password: PASSWORD, next: `${PASSWORD} more` },
  [`${STAFF}/me/totp`]: { password: PASSWORD },
  [`${STAFF}/me/totp/confirm`]: { code: "123456" },
  [`${STAFF}/me/totp/remove`]: { password: PASSWORD },
  [`${STAFF}/me/recovery-codes`]: { password: PASSWORD },
  [`${STAFF}/me/passkeys/options`]: { password: PASSWORD },
  [`${STAFF}/me/passkeys`]: { name: "钥匙", answer: PASSKEY },
  [`${STAFF}/me/passkeys/{credentialId}/remove`]: { password: PASSWORD },
  [`${STAFF}/invites`]: { email: EMAIL, roleIds: ["auditor"], storeIds: null },
  [`${STAFF}/people/{staffId}`]: {
    roleIds: ["auditor"],
    storeIds: null,
    state: "active",
    version: 1,
  },
  [`${STAFF}/people/{staffId}/reset`]: { dropsSecondStep: false },
  [`${STAFF}/roles`]: { roleId: "fitting", name: "角色", permissions: ["goods.read"] },
  [`${STAFF}/roles/{roleId}`]: { name: "角色", permissions: ["goods.read"], version: 1 },
  [`${STAFF}/policy`]: { needsSecondStep: false, version: 0 },
  [`${STAFF}/brands`]: { brandId: "fitting", name: "品牌", storeMaySet: ["till_codes"] },
  [`${STAFF}/brands/{brandId}`]: { name: "品牌", storeMaySet: [], state: "active", version: 1 },
  [`${STAFF}/stores`]: { storeId: "fitting", name: "门店", brandId: "none", address: "" },
  [`${STAFF}/stores/{storeId}`]: {
    ...{ name: "门店", brandId: "none", address: "", state: "active", version: 1 },
  },
  [`${STAFF}/approvals/{approvalId}/approve`]: NOTE,
  [`${STAFF}/approvals/{approvalId}/reject`]: NOTE,
  [`${STAFF}/approvals/{approvalId}/withdraw`]: NOTE,
  [`${STAFF}/approval-kinds/{kind}`]: { from: 100, version: 0 },
};

/** Tables in which a bad request must leave nothing. */
export const STAFF_TABLES: readonly string[] = [
  ...["approvals", "approval_thresholds", "staff_people", "staff_memberships", "staff_roles"],
  ...["staff_sessions", "staff_passkeys", "staff_policies", "brands", "stores"],
];
