/** Fitting bodies and paths of the page builder's routes, for the tests that spoil them. */
import type { Json } from "./http-shop.ts";

const LOOK = {
  name: "Mall",
  logo: null,
  theme: "tea",
  corners: "small",
  contact: { phone: "", hours: "" },
  rules: "",
  privacy: "",
};

/** Every route of the page builder: who may call it, and what the right caller is answered with a fitting body. */
export const PAGES_ROUTES: Readonly<Record<string, readonly ["staff", number]>> = {
  "get /api/v1/staff/pages": ["staff", 200],
  "get /api/v1/staff/pages/{pageId}": ["staff", 200],
  "get /api/v1/staff/pages/{pageId}/versions/{version}": ["staff", 404],
  "put /api/v1/staff/pages/{pageId}/draft": ["staff", 200],
  "post /api/v1/staff/page-previews": ["staff", 200],
  "post /api/v1/staff/pages/{pageId}/publish": ["staff", 404],
  "post /api/v1/staff/pages/{pageId}/unschedule": ["staff", 409],
  "post /api/v1/staff/pages/{pageId}/roll-back": ["staff", 404],
  "get /api/v1/staff/theme/contrast": ["staff", 200],
};

export const PAGES_PARAMS = { pageId: "look", version: "1" };

export const PAGES_FITTING: Readonly<Record<string, Json>> = {
  "/api/v1/staff/pages/{pageId}/draft": { revision: 0, body: LOOK },
  "/api/v1/staff/pages/{pageId}/publish": { revision: 99, version: 9, atMs: null },
  "/api/v1/staff/pages/{pageId}/unschedule": { revision: 99 },
  "/api/v1/staff/pages/{pageId}/roll-back": { revision: 99, version: 9, keepsDraft: true },
};
