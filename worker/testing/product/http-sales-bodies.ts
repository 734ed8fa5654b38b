/** Fitting bodies of the routes of sales, sessions and the monitor, for the tests that spoil them. */
import type { Json } from "./http-shop.ts";

const ITEM = {
  skuId: "bad-input-none",
  title: null,
  pricePoints: 1,
  priceFen: 0,
  units: 1,
  limitPerMember: 1,
  dailyLimitPerMember: null,
  quantityMax: 1,
  dailyUnits: null,
  waveIntervalMs: 30_000,
  doors: null,
};
const DRAFT = {
  title: "晚八点场",
  note: "",
  opensAtMs: 1_900_000_000_000,
  closesAtMs: 1_900_000_100_000,
  items: [ITEM],
};

/** What the table of roles says of a route: nobody, a member, staff, a foreign member, foreign staff. */
type Row = readonly [number, number, number, number, number];
const PUBLIC_MISSING: Row = [404, 404, 404, 404, 404];
const MISSING: Row = [401, 403, 404, 403, 404];
const OWN: Row = [401, 403, 200, 403, 404];

/** Every route of this part: who may call it, and what each role is answered with a fitting call. */
export const SALES_ROUTES: Readonly<Record<string, readonly ["public" | "staff", Row]>> = {
  "get /api/v1/sessions": ["public", [200, 200, 200, 200, 200]],
  "get /api/v1/sessions/{sessionId}": ["public", PUBLIC_MISSING],
  "get /api/v1/staff/sessions": ["staff", [401, 403, 200, 403, 200]],
  "post /api/v1/staff/sessions": ["staff", [401, 403, 201, 403, 201]],
  "get /api/v1/staff/sessions/{sessionId}": ["staff", MISSING],
  "put /api/v1/staff/sessions/{sessionId}": ["staff", MISSING],
  "delete /api/v1/staff/sessions/{sessionId}": ["staff", MISSING],
  "get /api/v1/staff/sessions/{sessionId}/checks": ["staff", MISSING],
  "post /api/v1/staff/sessions/{sessionId}/schedule": ["staff", MISSING],
  "post /api/v1/staff/sessions/{sessionId}/cancel": ["staff", MISSING],
  "post /api/v1/staff/sessions/{sessionId}/rehearsals": ["staff", MISSING],
  "get /api/v1/staff/sessions/{sessionId}/rehearsals": ["staff", MISSING],
  "get /api/v1/staff/rehearsals/{rehearsalId}": ["staff", MISSING],
  "get /api/v1/staff/sale-preview": ["staff", [401, 403, 200, 403, 200]],
  "get /api/v1/staff/sale-goods": ["staff", [401, 403, 200, 403, 200]],
  "post /api/v1/staff/sales/{saleId}/extend": ["staff", OWN],
  "post /api/v1/staff/sales/{saleId}/early-end": ["staff", [401, 403, 202, 403, 404]],
  "get /api/v1/staff/sales/{saleId}/monitor": ["staff", OWN],
  "get /api/v1/staff/sales/{saleId}/grants": ["staff", OWN],
  "get /api/v1/staff/sales/{saleId}/report": ["staff", OWN],
};

export const SALES_FITTING: Readonly<Record<string, Json>> = {
  "/api/v1/staff/sessions": DRAFT,
  "/api/v1/staff/sessions/{sessionId}": { ...DRAFT, version: 1 },
  "/api/v1/staff/sessions/{sessionId}/schedule": { version: 1 },
  "/api/v1/staff/sessions/{sessionId}/cancel": { version: 1 },
  "/api/v1/staff/sessions/{sessionId}/rehearsals": { skuId: "bad-input-none", buyers: 10 },
  "/api/v1/staff/sales/{saleId}/early-end": { approvalId: "fitting-early-end-01", reason: "test" },
  "/api/v1/staff/sales/{saleId}/extend": { closesAtMs: 4_000_000_000_000 },
};

export const SALES_PARAMS = { sessionId: "no-such-session", rehearsalId: "no-such-rehearsal" };

/** Queries that a route cannot do without. */
export const SALES_QUERIES: Readonly<Record<string, string>> = {
  "delete /api/v1/staff/sessions/{sessionId}": "?version=1",
  "get /api/v1/staff/sales/{saleId}/report": "?of=grants",
};
