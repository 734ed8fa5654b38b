/** Pictures of a merchant: taken in by what they are, given out for ever under the hash of their bytes. */
import { z } from "@hono/zod-openapi";
import { LIMITS } from "../kernel/limits.ts";
import type { Env } from "../platform/env.ts";
import { json, type Api } from "../platform/http/api.ts";
import { localeOf, problemResponse } from "../platform/http/problem.ts";
import { SECURITY_HEADERS } from "../platform/http/security.ts";
import { sniffPicture, type PictureType } from "./sniff.ts";

const ENDINGS: Readonly<Record<PictureType, string>> = {
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/webp": "webp",
};
const TYPES: Readonly<Record<string, PictureType>> = {
  png: "image/png",
  jpg: "image/jpeg",
  webp: "image/webp",
};
const FILE = /^([0-9a-f]{32})\.(png|jpg|webp)$/;
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
      bytes: {
        types: Object.keys(ENDINGS),
        bytesMax: LIMITS.pictureBytesMax,
        description: `At most ${LIMITS.pictureBytesMax} bytes and ${LIMITS.pictureSideMax} pixels a side.`,
      },
      responses: { 201: { description: "Stored", schema: pictureStoredSchema } },
      problems: ["unauthenticated", "forbidden"],
    },
    async ({ env, session, bytes, bytesType, problem }) => {
      const refuse = (message: string): Response =>
        problem("invalid", { errors: [{ path: "", message }] });
      const picture = sniffPicture(bytes);
      if (!picture) return refuse("no whole PNG, JPEG or WebP picture");
      const { type, width, height } = picture;
      if (type !== bytesType) return refuse(`the content is ${type}, not ${bytesType}`);
      const sideMax = LIMITS.pictureSideMax;
      if (width < 1 || height < 1 || width > sideMax || height > sideMax)
        return refuse(`${width} × ${height}: at most ${sideMax} pixels a side`);
      const name = `${await hashOf(bytes)}.${ENDINGS[type]}`;
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

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(digest).subarray(0, 16)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

/** Headers that make a picture a picture and nothing else, whatever somebody managed to store. */
function headersOf(type: PictureType, file: string): Record<string, string> {
  return {
    ...SECURITY_HEADERS,
    "content-type": type,
    "content-disposition": `inline; filename="${file}"`,
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
    "cache-control": "public, max-age=31536000, immutable",
    etag: `"${file}"`,
  };
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
  const ending = FILE.exec(file)?.[2];
  const type = ending === undefined ? undefined : TYPES[ending];
  if (type === undefined || !PROGRAMME.test(programmeId)) return missing();
  const headers = headersOf(type, file);
  if (request.headers.get("if-none-match") === headers["etag"])
    return new Response(null, { status: 304, headers });
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
