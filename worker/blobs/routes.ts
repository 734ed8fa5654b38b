/** Pictures of a merchant: taken in by what they are, given out for ever under the hash of their bytes. */
import { z } from "@hono/zod-openapi";
import type { Env } from "../platform/env.ts";
import { json, type Api } from "../platform/http/api.ts";
import { holds } from "../platform/http/etag.ts";
import { localeOf, problemResponse } from "../platform/http/problem.ts";
import {
  askedWidth,
  PICTURE_BYTES,
  pictureHeaders,
  pictureTypeOf,
  sizedPicture,
  takePicture,
} from "./pictures.ts";
import type { PictureType } from "./sniff.ts";

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
      operationId: "createStaffPicture",
      access: "staff",
      permission: "goods.write",
      tag: "Catalogue",
      summary:
        "Stores a picture; the same bytes are one picture. PNG, JPEG and WebP by their content, nothing else",
      bytes: PICTURE_BYTES,
      responses: { 201: { description: "Stored", schema: pictureStoredSchema } },
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
  api.app.get("/media/:programmeId/:file", async (c) => {
    const { programmeId, file } = c.req.param();
    const found = PROGRAMME.test(programmeId)
      ? await picture(c.env, c.executionCtx, c.req.raw, programmeId, file)
      : null;
    if (found) return found;
    const instance = new URL(c.req.url).pathname;
    return problemResponse({ code: "not_found", locale: localeOf(c.req.raw), instance });
  });
}

type Context = Pick<ExecutionContext, "waitUntil">;

/** Null: there is no such picture, or none of that width. */
async function picture(
  env: Env,
  ctx: Context,
  request: Request,
  programmeId: string,
  file: string,
): Promise<Response | null> {
  const type = pictureTypeOf(file);
  const width = askedWidth(new URL(request.url).searchParams.get("w"));
  if (type === null || width === undefined) return null;
  const path = `${programmeId}/${file}`;
  const stored = async (): Promise<ReadableStream | null> =>
    (await env.MEDIA.get(path))?.body ?? null;
  const { IMAGES: images } = env;
  if (images && width !== null) {
    const headers = headersOf("image/webp", `${width}-${file}`, FOR_EVER);
    const sized = await given(ctx, request, `${path}?w=${width}`, headers, async () => {
      const body = await stored();
      return body && sizedPicture(images, body, width);
    }).catch(() => null);
    if (sized) return sized;
  }
  // Nobody here makes it smaller, or not today: a picture too large is better than none.
  const headers = headersOf(type, file, width === null ? FOR_EVER : FOR_A_DAY);
  return given(ctx, request, path, headers, stored);
}

const FOR_EVER = "public, max-age=31536000, immutable";
const FOR_A_DAY = "public, max-age=86400";

const headersOf = (type: PictureType, file: string, age: string): Record<string, string> => ({
  ...pictureHeaders(type, file),
  "cross-origin-resource-policy": "cross-origin",
  "cache-control": age,
});

/** The caller's own copy, the edge's, or what is made now; null: it cannot be made. */
async function given(
  ctx: Context,
  request: Request,
  key: string,
  headers: Record<string, string>,
  make: () => Promise<ReadableStream | null>,
): Promise<Response | null> {
  if (holds(request, headers["etag"] ?? "")) return new Response(null, { status: 304, headers });
  const cache = (caches as unknown as { default: Cache }).default;
  const url = `https://media.invalid/${key}`;
  const kept = await cache.match(url).catch(() => undefined);
  if (kept) return new Response(kept.body, { headers });
  const body = await make();
  if (!body) return null;
  const response = new Response(body, { headers });
  ctx.waitUntil(cache.put(url, response.clone()).catch(() => undefined));
  return response;
}
