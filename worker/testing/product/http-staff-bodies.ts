/** Fitting bodies and paths of the staff domain's routes, for the tests that spoil them. */
import type { Json } from "./http-shop.ts";

/** Every route: who may call it, and what the right caller is answered with a fitting body. */
export const STAFF_ROUTES: Readonly<Record<string, readonly ["public" | "staff", number]>> = {
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
};

const NOTE = { note: "test" };

export const STAFF_FITTING: Readonly<Record<string, Json>> = {
  "/api/v1/staff/approvals/{approvalId}/approve": NOTE,
  "/api/v1/staff/approvals/{approvalId}/reject": NOTE,
  "/api/v1/staff/approvals/{approvalId}/withdraw": NOTE,
  "/api/v1/staff/approval-kinds/{kind}": { from: 100, revision: 0 },
};
