import { z } from "@hono/zod-openapi";
import { LIMITS } from "../kernel/limits.ts";
import { ORDER_ID_PATTERN } from "../kernel/ids.ts";
import { GOODS_KINDS } from "./goods-terms.ts";

/** Order id text as the client makes it; the identity of an order is (member, order id). */
export const orderIdSchema = z
  .string()
  .regex(ORDER_ID_PATTERN, "16–40 characters of [0-9A-Za-z_-]")
  .openapi({ example: "01JD8Q4C7M9V2T5X" })
  .describe(
    "Made by the client and kept before it is sent. One id has one outcome: ask again with it.",
  );

export const quantitySchema = z
  .int()
  .min(1)
  .max(LIMITS.quantityMax)
  .openapi({ example: 1 })
  .describe("Units; the sale's `quantityMax` at most.");
export const epochSchema = z
  .int()
  .min(0)
  .max(LIMITS.epochMax)
  .openapi({ example: 1 })
  .describe("The sale's `epoch` as the client saw it last, in the sale or in the door's `stock`.");

/** Body of `POST /sales/:saleId/redemptions`. */
export const redemptionRequestSchema = z
  .object({
    orderId: orderIdSchema,
    quantity: quantitySchema,
    epoch: epochSchema,
    pointsMax: z
      .int()
      .min(0)
      .max(LIMITS.pointsMax)
      .optional()
      .describe("Points the member agreed to; where it costs more, nothing is held."),
  })
  .openapi("RedemptionRequest");

/** Body of `POST /sales/:saleId/tickets`. */
export const ticketRequestSchema = redemptionRequestSchema
  .extend({
    replaces: orderIdSchema
      .optional()
      .describe("The order id whose void ticket this one exchanges."),
  })
  .openapi("TicketRequest");

export const saleStatusSchema = z.enum(["draft", "scheduled", "open", "paused", "closed"]);

/** What a page or client may know of a sale. `soldOut` is derived: open with an empty shelf. */
export const saleViewSchema = z
  .object({
    saleId: z.string(),
    skuId: z.string(),
    kind: z.enum(["flash", "standing"]),
    title: z.string(),
    subtitle: z.string(),
    picture: z.string().describe("Path of the goods picture on this origin."),
    groundColor: z.string().describe("CSS colour painted before the picture arrives."),
    pricePoints: z.int(),
    priceFen: z.int(),
    payWithinMs: z
      .int()
      .nullable()
      .describe("How long cash and carriage may wait after a grant; null: due on delivery."),
    marketPriceFen: z.int().nullable(),
    limitPerMember: z.int(),
    dailyLimitPerMember: z.int().nullable(),
    quantityMax: z.int(),
    units: z.int().describe("All units ever given to this sale."),
    dailyUnits: z.int().nullable(),
    opensAtMs: z.int(),
    closesAtMs: z.int(),
    serverTimeMs: z.int(),
    status: saleStatusSchema,
    epoch: z
      .int()
      .describe(
        "Named by tickets and redemptions. Raised before units come back to who was refused.",
      ),
    remaining: z.int().describe("Units on the shelf now."),
    returned: z.int().describe("Cancelled units waiting for the next wave."),
    redeemed: z.int().describe("Units granted and not cancelled."),
    nextWaveAtMs: z.int().nullable(),
    soldOut: z.boolean(),
    soldOutAtMs: z.int().nullable(),
    firstGrantAtMs: z.int().nullable(),
    closedAtMs: z.int().nullable(),
    termsVersion: z.int(),
    goods: z
      .object({
        goodsId: z.string(),
        kind: z.enum(GOODS_KINDS),
        spec: z.string(),
        freightFen: z.int(),
      })
      .nullable()
      .describe("What the catalogue says of the goods; null where it knows none."),
  })
  .openapi("Sale");
export type SaleView = z.infer<typeof saleViewSchema>;

export const ticketResponseSchema = z
  .object({
    ticket: z.string(),
    orderId: z.string(),
    epoch: z.int(),
    points: z.int().describe("Held for this order until it is granted, refused or given back."),
    expiresAtMs: z
      .int()
      .describe("Until when the door opens with it; the hold itself has no expiry."),
    doorUrl: z.string().describe("Path of the WebSocket on this origin, with the ticket."),
  })
  .openapi("Ticket");
export type TicketResponse = z.infer<typeof ticketResponseSchema>;

export const grantResponseSchema = z
  .object({
    orderId: z.string(),
    outcome: z.literal("granted"),
    points: z.int().describe("Spent on this order."),
    remaining: z.int().describe("Units left on the shelf after this grant."),
  })
  .openapi("Grant");
export type GrantResponse = z.infer<typeof grantResponseSchema>;

export const pendingResponseSchema = z
  .object({
    orderId: z.string(),
    outcome: z.literal("pending"),
    href: z.string().describe("Where to ask for the order."),
  })
  .openapi("Pending");
export type PendingResponse = z.infer<typeof pendingResponseSchema>;

export const forgoneResponseSchema = z
  .object({ orderId: z.string(), outcome: z.literal("forgone") })
  .openapi("Forgone");
export type ForgoneResponse = z.infer<typeof forgoneResponseSchema>;

/** Frames the door sends, JSON text. */
export type DoorServerFrame =
  | { t: "clock"; serverTimeMs: number; clientTimeMs?: number }
  | {
      t: "stock";
      remaining: number;
      epoch: number;
      status: SaleView["status"];
      opensAtMs: number;
      /** Staff may let a running sale go on for longer, never for shorter. */
      closesAtMs: number;
      /** All units ever given to the sale; staff may bring more. */
      units: number;
      returned: number;
      redeemed: number;
      nextWaveAtMs: number | null;
      soldOutAtMs: number | null;
      closedAtMs: number | null;
      /** Sockets at this door: people with the page open, never an invented figure. */
      waiting: number;
    }
  | {
      t: "verdict";
      orderId: string;
      outcome: "granted" | "refused" | "again";
      code?: string;
      opensInMs?: number;
      remaining?: number;
      /** With `stale`: the epoch to ask a new ticket for. */
      epoch?: number;
      /** With `granted`: which unit of the sale this is, counted from 1. */
      ordinal?: number;
      /** When the Sku decided. */
      atMs?: number;
    }
  | { t: "ticket?"; epoch: number; jitterMs: number };

/** Frames the page sends. Anything else closes the socket with 1008. */
export type DoorClientFrame =
  | { t: "grab" }
  | { t: "ticket"; ticket: string }
  | { t: "ping"; clientTimeMs: number };
