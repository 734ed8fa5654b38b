/** Fitting bodies and paths of the routes of figures, the register of members and segments, for the tests that spoil them. */
import type { Json } from "./http-shop.ts";

/** Every route of this part, and what the right caller is answered with a fitting call. */
export const REGISTER_ROUTES: Readonly<Record<string, readonly ["staff", number]>> = {
  "get /api/v1/staff/dashboard": ["staff", 200],
  // Asked without saying which.
  "get /api/v1/staff/goods-figures": ["staff", 422],
  "get /api/v1/staff/members": ["staff", 200],
  // An id that nobody came by yet is known to be nobody's.
  "get /api/v1/staff/members/{memberId}": ["staff", 200],
  "put /api/v1/staff/members/{memberId}": ["staff", 200],
  "post /api/v1/staff/members/{memberId}/block": ["staff", 200],
  "post /api/v1/staff/members/{memberId}/unblock": ["staff", 200],
  "post /api/v1/staff/members/{memberId}/reveal": ["staff", 200],
  // Asked without saying into which.
  "get /api/v1/staff/members/{memberId}/merge": ["staff", 422],
  "post /api/v1/staff/members/{memberId}/merge": ["staff", 200],
  "get /api/v1/staff/ledger": ["staff", 200],
  "get /api/v1/staff/ledger/export": ["staff", 200],
  "get /api/v1/staff/segments": ["staff", 200],
  "put /api/v1/staff/segments/{segmentId}": ["staff", 200],
  // Taken away a moment before: paths come with all their methods.
  "post /api/v1/staff/segments/{segmentId}/count": ["staff", 404],
  "delete /api/v1/staff/segments/{segmentId}": ["staff", 204],
  "get /api/v1/staff/labels": ["staff", 200],
  "put /api/v1/staff/labels/{labelId}": ["staff", 200],
  "delete /api/v1/staff/labels/{labelId}": ["staff", 204],
  "post /api/v1/staff/labels/{labelId}/members": ["staff", 404],
  "get /api/v1/staff/campaigns": ["staff", 200],
  // Nobody belongs to the segment yet.
  "post /api/v1/staff/campaigns": ["staff", 422],
  "post /api/v1/staff/campaigns/{campaignId}/start": ["staff", 404],
  "post /api/v1/staff/campaigns/{campaignId}/stop": ["staff", 404],
};

export const REGISTER_PARAMS: Readonly<Record<string, string>> = {
  segmentId: "fitting-segment",
  labelId: "fitting-label",
  campaignId: "fitting-campaign-0001",
};

export const REGISTER_FITTING: Readonly<Record<string, Json>> = {
  "/api/v1/staff/members/{memberId}": { version: 0, name: "张三", note: "" },
  "/api/v1/staff/members/{memberId}/block": { reason: "test" },
  "/api/v1/staff/members/{memberId}/unblock": { reason: "test" },
  "/api/v1/staff/members/{memberId}/reveal": { reason: "test" },
  "/api/v1/staff/members/{memberId}/merge": {
    mergeId: "fitting-merge-0001",
    into: "fitting-record-that-stays",
    reason: "test",
  },
  "/api/v1/staff/segments/{segmentId}": {
    version: 0,
    name: "常客",
    rule: { all: [{ kind: "frequency", min: 2, max: null }] },
  },
  "/api/v1/staff/labels/{labelId}": { name: "贵宾" },
  "/api/v1/staff/campaigns": {
    campaignId: "fitting-campaign-0001",
    audience: { kind: "segment", id: "fitting-segment" },
    ...{ points: 1, note: "gift", internalNote: "", expiresAtMs: null },
  },
  "/api/v1/staff/labels/{labelId}/members": { memberIds: ["granted"], isOn: true },
};

/** Tables of D1 that a refused request of this part must leave as they are. */
export const REGISTER_TABLES: readonly string[] = [
  ...["labels", "member_labels", "segments", "member_merges", "points_campaigns"],
];
