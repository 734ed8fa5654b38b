/** Pictures that a member shows with a request: sealed at rest, opened for its member and for the desk, and for nobody else. */
import { z } from "@hono/zod-openapi";
import { accountOf } from "../accounts/index.ts";
import { PICTURE_BYTES, pictureHeaders, pictureTypeOf, takePicture } from "../blobs/index.ts";
import { MEMBER_ID_PATTERN, memberKeyOf, PICTURE_FILE } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import { json, type Api, type ProblemMaker, isOfAllStores } from "../platform/http/api.ts";
import { orderIdSchema } from "../redemption/index.ts";
import { EvidenceStore, PICTURES_MAX, type OrderAt } from "./evidence-store.ts";

const evidenceStoredSchema = z
  .object({
    name: z.string().describe("What the request names it by."),
    path: z.string().describe("Where its member sees it."),
  })
  .openapi("StoredEvidence");
const orderParams = z.object({ orderId: orderIdSchema });
const fileParams = orderParams.extend({ file: z.string().regex(PICTURE_FILE) });
const staffFileParams = z.object({
  memberId: z.string().regex(MEMBER_ID_PATTERN),
  ...fileParams.shape,
});

export function evidenceRoutes(api: Api): void {
  storeRoute(api);
  api.route(
    {
      method: "get",
      path: "/api/v1/orders/{orderId}/evidence/{file}",
      access: "member",
      tag: "After-sales",
      summary: "A picture that the member stored with the order",
      params: fileParams,
      responses: { 200: { description: "The picture", types: PICTURE_BYTES.types } },
      problems: ["not_found"],
    },
    ({ env, session, params, problem }) =>
      give(env, { memberKey: session.memberKey, orderId: params.orderId }, params.file, problem),
  );
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/orders/{memberId}/{orderId}/evidence/{file}",
      access: "staff",
      permission: "orders.read",
      tag: "After-sales",
      summary: "A picture that a member stored with an order",
      params: staffFileParams,
      responses: { 200: { description: "The picture", types: PICTURE_BYTES.types } },
      problems: ["not_found"],
    },
    ({ env, session, params, problem }) => {
      if (!isOfAllStores(session)) return problem("forbidden", { reason: "not_your_store" });
      const memberKey = memberKeyOf(session.programmeId, params.memberId);
      return give(env, { memberKey, orderId: params.orderId }, params.file, problem);
    },
  );
}

function storeRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/orders/{orderId}/evidence",
      operationId: "createOrderEvidence",
      access: "member",
      tag: "After-sales",
      summary: "Stores a picture for a request of this order; the same bytes are one picture",
      params: orderParams,
      bytes: PICTURE_BYTES,
      responses: { 201: { description: "Stored", schema: evidenceStoredSchema } },
      problems: ["not_found", "conflict"],
    },
    async ({ env, session, params, bytes, bytesType, nowMs, problem }) => {
      const { memberKey } = session;
      const { orderId } = params;
      const known = await accountOf(env, memberKey).order(memberKey, orderId);
      if (!known?.order.grant) return problem("not_found");
      const taken = await takePicture(bytes, bytesType);
      if (typeof taken === "string")
        return problem("invalid", { errors: [{ path: "", message: taken }] });
      const store = new EvidenceStore(env, { memberKey, orderId });
      const name = await store.store(taken.name, bytes, nowMs);
      if (name === null)
        return problem("conflict", { reason: "too_many_pictures", max: PICTURES_MAX });
      const path = `/api/v1/orders/${orderId}/evidence/${name}`;
      return json({ name, path }, 201);
    },
  );
}

async function give(env: Env, at: OrderAt, file: string, problem: ProblemMaker): Promise<Response> {
  const type = pictureTypeOf(file);
  const bytes = type === null ? null : await new EvidenceStore(env, at).read(file);
  if (type === null || !bytes) return problem("not_found");
  // The name is the content's own, so a browser may keep it; a shared cache may not.
  const headers = { ...pictureHeaders(type, file), "cache-control": "private, max-age=86400" };
  return new Response(bytes, { headers });
}
