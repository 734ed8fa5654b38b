import { hash32 } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Api } from "../platform/http/api.ts";
import { openPagesOf } from "./tell.ts";
import { OPEN_PAGES_PATH } from "./wire.ts";

/** The line of an open page. It says that something was changed and never what, so anybody may listen. */
export function openPagesRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: OPEN_PAGES_PATH,
      access: "public",
      tag: "Pages",
      summary: "WebSocket: tells a page that is looked at when to read itself again",
      responses: {
        101: {
          description:
            'Frames `{"t":"shown","changedAtMs","ranAtMs","waitMs","withinMs"}`: the merchant changed something, or gave a sale a command; read the page again after `waitMs` and within `withinMs` more',
        },
      },
      problems: ["upgrade_required"],
    },
    async ({ request, env, session, problem }) => {
      if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
        return problem("upgrade_required");
      }
      const part = hash32(request.headers.get("sec-websocket-key") ?? "") % LIMITS.openPagesParts;
      const programmeId = session?.programmeId ?? env.DEFAULT_PROGRAMME;
      const response = await openPagesOf(env, programmeId, part).fetch("https://open-pages/", {
        headers: { upgrade: "websocket" },
      });
      return response.status === 503 ? problem("overloaded", {}, 1) : response;
    },
  );
}
