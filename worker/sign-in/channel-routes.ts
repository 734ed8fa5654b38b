import { z } from "@hono/zod-openapi";
import { ringOf } from "../members/index.ts";
import { json, type Api } from "../platform/http/api.ts";
import type { Env } from "../platform/env.ts";
import { openVault } from "../vault/index.ts";
import { channelsSchema, sealSecrets, VERIFY_FILE, withoutSecrets } from "./channels.ts";
import { channelsOf, readChannels, saveChannels } from "./channels-store.ts";
import { fakeWechat, FAKE_PATH } from "./wechat/fake.ts";

const PATH = "/api/v1/staff/channels";
const viewSchema = z
  .object({
    revision: z.int(),
    channels: z.record(z.string(), z.unknown()).describe("Secrets read `true` where there is one."),
    savedBy: z.string().nullable(),
    savedAtMs: z.int().nullable(),
  })
  .openapi("Channels");

/** How members come in and where the mall may be embedded, for staff. */
export function channelRoutes(api: Api): void {
  api.route(
    {
      ...{ method: "get", path: PATH, access: "staff", permission: "settings.read" },
      ...{ tag: "Sign-in", summary: "The ways into the mall, without their secrets" },
      responses: { 200: { description: "As saved", schema: viewSchema } },
    },
    async ({ env, session }) => {
      const { channels, ...more } = await readChannels(env, session.programmeId);
      return json({ ...more, channels: withoutSecrets(channels) });
    },
  );
  api.route(
    {
      ...{ method: "put", path: PATH, access: "staff", permission: "settings.write" },
      ...{
        tag: "Sign-in",
        summary: "Saves the ways into the mall; a secret that is null stays as it is",
      },
      body: z
        .object({
          revision: z.int().min(0),
          channels: z.record(z.string().max(32), z.unknown()).describe("docs/sign-in.md"),
        })
        .openapi("ChannelsChange"),
      responses: { 200: { description: "Saved", schema: viewSchema } },
      problems: ["conflict"],
    },
    async ({ env, session, body, nowMs, problem }) => {
      const { programmeId, memberId: savedBy } = session;
      const parsed = channelsSchema.safeParse(body.channels);
      if (!parsed.success) {
        const errors = parsed.error.issues.slice(0, 20).map(({ path, message }) => ({
          path: ["channels", ...path].join("."),
          message,
        }));
        return problem("invalid", { errors });
      }
      const [stored, vault] = await Promise.all([
        readChannels(env, programmeId),
        openVault(env, programmeId),
      ]);
      const sealed = sealSecrets(parsed.data, stored.channels, (context, text) =>
        vault.seal(context, text),
      );
      const at = { programmeId, revision: body.revision };
      if (!(await saveChannels(env, at, sealed, { savedBy, nowMs }))) {
        const { channels, ...more } = await readChannels(env, programmeId);
        const current = { ...more, channels: withoutSecrets(channels) };
        return problem("conflict", { reason: "changed_meanwhile", current });
      }
      const { channels, ...more } = await readChannels(env, programmeId);
      return json({ ...more, channels: withoutSecrets(channels) });
    },
  );
}

/** A file by which WeChat checks a domain; null: no such path, or none that staff entered. */
export async function wechatVerifyFile(
  env: Env,
  path: string,
  nowMs: number,
): Promise<Response | null> {
  const asked = path.slice(1);
  if (!VERIFY_FILE.test(asked)) return null;
  const { verifyFiles } = await channelsOf(env, env.DEFAULT_PROGRAMME, nowMs);
  const found = verifyFiles.find(({ name }) => name === asked);
  if (!found) return null;
  const headers = {
    "content-type": "text/plain; charset=utf-8",
    "x-content-type-options": "nosniff",
  };
  return new Response(found.content, { headers });
}

/** The fake WeChat of development. */
export function fakeWechatRoutes(api: Api): void {
  api.app.all(`${FAKE_PATH}/*`, async (c, next) => {
    if (c.env.DEV_LOGIN !== "on") return next();
    const answer = await fakeWechat(c.req.raw, ringOf(c.env.SESSION_KEYS), Date.now());
    return answer ?? next();
  });
}
