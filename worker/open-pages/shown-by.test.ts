import { expect, it } from "vitest";
import type { AuditedCall } from "../platform/http/audited.ts";
import { changeOf } from "./shown-by.ts";

const call = (permission: string, action: string, status = 200): AuditedCall => ({
  ...{ programmeId: "demo", atMs: 0, actor: "staff:s-1", actorName: "", subject: "", reason: "" },
  ...{ before: null, after: null, address: "", permission, action, status },
});

it.each([
  ["a publication of the look", "pages.write", "post /api/v1/staff/pages/{pageId}/publish", "set"],
  ["a draft of a page", "pages.write", "put /api/v1/staff/pages/{pageId}/draft", null],
  ["a tier", "rules.write", "put /api/v1/staff/earning/terms/{kind}", "set"],
  ["goods", "goods.write", "put /api/v1/staff/goods/{goodsId}", "set"],
  ["an early end that a second person agrees to", "approvals.decide", "post /x", "set"],
  ["a pause", "sales.run", "post /api/v1/staff/sales/{saleId}/pause", "run"],
  ["a grant of points", "points.grant", "post /api/v1/staff/grants", null],
  ["a parcel", "orders.ship", "post /x", null],
  ["a look at the log", "audit.read", "get /x", null],
])("%s: is told as %s", (_, permission, action, change) => {
  expect(changeOf(call(permission, action))).toBe(change);
});

it("does not tell of what was refused", () => {
  expect(changeOf(call("goods.write", "put /x", 409))).toBe(null);
});
