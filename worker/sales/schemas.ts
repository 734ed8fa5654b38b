/** Views that hold sales, for the documentation of the routes that answer with them. */
import { z } from "@hono/zod-openapi";
import { saleViewSchema } from "../redemption/index.ts";
import { calendarHeadSchema, monitorHeadSchema, sessionHeadSchema } from "./wire.ts";

const sales = z.array(saleViewSchema);

export const sessionViewSchema = sessionHeadSchema.extend({ sales }).openapi("Session");
export const calendarSessionSchema = calendarHeadSchema
  .extend({ sales })
  .openapi("CalendarSession");
export const monitorSchema = monitorHeadSchema
  .extend({ sale: saleViewSchema })
  .openapi("SaleMonitor");
