import type { Api } from "../platform/http/api.ts";
import { bookingRoutes } from "./booking-routes.ts";
import { bookingStaffRoutes } from "./booking-staff-routes.ts";
import { codeStaffRoutes } from "./code-routes.ts";
import { courierRoutes } from "./courier-routes.ts";
import { dispatchRoutes } from "./dispatch-routes.ts";
import { deliveryMemberRoutes } from "./member-routes.ts";
import { orderStaffRoutes } from "./order-routes.ts";
import { rightRoutes } from "./right-routes.ts";
import { shippingRoutes } from "./shipping-routes.ts";
import { writeOffRoutes } from "./write-off-routes.ts";

export function fulfilmentRoutes(api: Api): void {
  deliveryMemberRoutes(api);
  rightRoutes(api);
  bookingRoutes(api);
  orderStaffRoutes(api);
  shippingRoutes(api);
  dispatchRoutes(api);
  courierRoutes(api);
  writeOffRoutes(api);
  bookingStaffRoutes(api);
  codeStaffRoutes(api);
}
