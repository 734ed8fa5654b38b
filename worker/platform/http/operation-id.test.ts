import { expect, it } from "vitest";
import { operationIdOf } from "./operation-id.ts";

it.each([
  ["get", "/api/v1/sales", "listSales"],
  ["get", "/api/v1/sales/{saleId}", "getSale"],
  ["get", "/api/v1/goods", "listGoods"],
  ["get", "/api/v1/goods/{goodsId}", "getGoods"],
  ["get", "/api/v1/me", "getMe"],
  ["get", "/api/v1/me/points/entries/{seq}/receipt", "getMyPointsEntryReceipt"],
  ["put", "/api/v1/me/addresses/{addressId}", "saveMyAddress"],
  ["delete", "/api/v1/sales/{saleId}/tickets/{orderId}", "deleteSaleTicket"],
  ["post", "/api/v1/sales/{saleId}/tickets", "createSaleTicket"],
  ["post", "/api/v1/orders/{orderId}/cancel", "cancelOrder"],
  ["post", "/api/v1/me/check-in", "checkIn"],
  ["post", "/api/v1/staff/people/{staffId}/sign-out", "signOutStaffPerson"],
  ["post", "/api/v1/staff/members/{memberId}/points/claw-back", "clawBackStaffMemberPoints"],
  [
    "post",
    "/api/v1/staff/after-sales/{memberId}/{orderId}/{caseId}/refuse-goods",
    "refuseGoodsStaffAfterSales",
  ],
] as const)("%s %s is %s", (method, path, name) => {
  expect(operationIdOf(method, path)).toBe(name);
});
