/** What this isolate answered over HTTP, reported to the Sku of each sale now and then, for those who watch it. */
import { parseSaleId } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { stubOf, type Env } from "../platform/env.ts";
import { describeError, log } from "../platform/log.ts";
import { Tally } from "./figures.ts";

interface Reply {
  readonly kind: string;
  readonly refusal?: { readonly code: string };
}

interface ReportCall {
  readonly env: Env;
  readonly ctx: ExecutionContext;
  readonly nowMs: number;
}

const REPORT_AFTER_MS = 500;
/** A request that was none says nothing about the sale. */
const COUNTED: ReadonlySet<string> = new Set(["granted", "refused", "open", "pending", "ticket"]);

export class AnswerReports {
  readonly #tallies = new Map<string, Tally>();

  /** Counts one answer; the first since the last report sees to the next. */
  answered(call: ReportCall, saleId: string, reply: Reply): void {
    if (!COUNTED.has(reply.kind)) return;
    let tally = this.#tallies.get(saleId);
    if (!tally) {
      if (this.#tallies.size >= LIMITS.cachedSalesMax) return;
      tally = new Tally();
      this.#tallies.set(saleId, tally);
      call.ctx.waitUntil(this.#reportLater(call.env, saleId));
    }
    tally.add(codeOf(reply), call.nowMs, Date.now());
  }

  async #reportLater(env: Env, saleId: string): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, REPORT_AFTER_MS));
    const tally = this.#tallies.get(saleId)?.take() ?? null;
    this.#tallies.delete(saleId);
    const address = parseSaleId(saleId);
    if (!tally || !address) return;
    try {
      await stubOf(env.SKU, address.skuKey, env).tally(saleId, tally, null);
    } catch (error) {
      log("answers_report_failed", { error: describeError(error) });
    }
  }
}

function codeOf(reply: Reply): string {
  if (reply.kind === "ticket") return "ticketed";
  if (reply.kind === "pending") return "in_doubt";
  return reply.refusal?.code ?? reply.kind;
}
