/** The Worker of the crash rounds: the product's own, with failpoints that can be armed. */
import { env } from "cloudflare:workers";
import worker from "../../index.ts";
import type { Env } from "../../platform/env.ts";
import { arm, deadlyFailpoints } from "./deadly.ts";

// Every object class of the product, also those that are still to come.
export * from "../../index.ts";

interface CrashSettings {
  /** Armed before any object wakes, for a death in the middle of a recovery: `place@hit`. */
  readonly FAILPOINT?: string;
  /** The product's clock goes ahead of the machine's by this much. */
  readonly CLOCK_AHEAD_MS?: string;
}

const ARM_PATH = "/failpoint";

globalThis.failpoints = deadlyFailpoints;
const settings = env as CrashSettings;
arm(settings.FAILPOINT ?? "");
setClock(Number(settings.CLOCK_AHEAD_MS ?? 0));

function setClock(aheadMs: number): void {
  if (aheadMs === 0) return;
  const now = Date.now.bind(Date);
  Date.now = () => now() + aheadMs;
}

export default {
  scheduled: worker.scheduled,
  /** Takes `POST /failpoint` with `place@hit`, and lets everything else through. */
  fetch: async (request, bindings, ctx) => {
    const isOrder = request.method === "POST" && new URL(request.url).pathname === ARM_PATH;
    if (!isOrder) return worker.fetch(request, bindings, ctx);
    arm(await request.text());
    return new Response(null, { status: 204 });
  },
} satisfies ExportedHandler<Env>;
