/** Pictures of a merchant: taken in by what they are, given out for ever under the hash of their bytes. */
import { z } from "@hono/zod-openapi";
import type { Env } from "../platform/env.ts";
import { json, type Api } from "../platform/http/api.ts";
import { holds } from "../platform/http/etag.ts";
import { localeOf, problemResponse } from "../platform/http/problem.ts";
import { PICTURE_BYTES, pictureHeaders, pictureTypeOf, takePicture } from "./pictures.ts";

const PROGRAMME = /^[0-9a-z](?:[0-9a-z-]{0,30}[0-9a-z])?$/;

const pictureStoredSchema = z
  .object({
    path: z.string().describe("Where it is given out, for ever."),
    type: z.string(),
    width: z.int(),
    height: z.int(),
    bytes: z.int(),
  })
  .openapi("StoredPicture");

export function blobRoutes(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/media",
      access: "staff",
      permission: "goods.write",
      tag: "Staff",
      summary:
        "Stores a picture; the same bytes are one picture. PNG, JPEG and WebP by their content, nothing else",
      bytes: PICTURE_BYTES,
      responses: { 201: { description: "Stored", schema: pictureStoredSchema } },
      problems: ["unauthenticated", "forbidden"],
    },
    async ({ env, session, bytes, bytesType, problem }) => {
      const taken = await takePicture(bytes, bytesType);
      if (typeof taken === "string")
        return problem("invalid", { errors: [{ path: "", message: taken }] });
      const { name, type, width, height } = taken;
      await env.MEDIA.put(`${session.programmeId}/${name}`, bytes, {
        httpMetadata: { contentType: type },
      });
      const path = `/media/${session.programmeId}/${name}`;
      return json({ path, type, width, height, bytes: bytes.length }, 201);
    },
  );
  api.app.get("/media/:programmeId/:file", (c) =>
    give(c.env, c.executionCtx, c.req.raw, c.req.param("programmeId"), c.req.param("file")),
  );
}

async function give(
  env: Env,
  ctx: Pick<ExecutionContext, "waitUntil">,
  request: Request,
  programmeId: string,
  file: string,
): Promise<Response> {
  const instance = new URL(request.url).pathname;
  const missing = (): Response =>
    problemResponse({ code: "not_found", locale: localeOf(request), instance });
  const type = pictureTypeOf(file);
  if (type === null || !PROGRAMME.test(programmeId)) return missing();
  const headers: Record<string, string> = {
    ...pictureHeaders(type, file),
    "cross-origin-resource-policy": "cross-origin",
    "cache-control": "public, max-age=31536000, immutable",
  };
  if (holds(request, headers["etag"] ?? "")) return new Response(null, { status: 304, headers });
  const cache = (caches as unknown as { default: Cache }).default;
  const key = `https://media.invalid/${programmeId}/${file}`;
  const kept = await cache.match(key).catch(() => undefined);
  if (kept) return new Response(kept.body, { headers });
  const found = await env.MEDIA.get(`${programmeId}/${file}`);
  if (!found) return missing();
  const response = new Response(found.body, { headers });
  ctx.waitUntil(cache.put(key, response.clone()).catch(() => undefined));
  return response;
}
