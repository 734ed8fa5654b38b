import { parseSaleId, type SaleAddress } from "../kernel/ids.ts";
import { stubOf, type Env } from "../platform/env.ts";
import { json, type ProblemMaker } from "../platform/http/api.ts";
import type { AuditNote } from "../platform/http/audited.ts";
import { saleView, type StaffCommand } from "../redemption/index.ts";

export interface CommandCall {
  readonly env: Env;
  readonly session: { readonly programmeId: string; readonly memberId: string };
  readonly params: { readonly saleId: string };
  readonly body?: unknown;
  readonly problem: ProblemMaker;
  readonly audit: (note: AuditNote) => void;
}

/** A sale of another programme does not exist for this one's staff. */
export function addressOf(saleId: string, programmeId: string): SaleAddress | null {
  const address = parseSaleId(saleId);
  return address?.programmeId === programmeId ? address : null;
}

/** Carries a command to the Sku of the sale, under the name of who gave it. */
export async function runCommand(call: CommandCall, command: StaffCommand): Promise<Response> {
  const { env, session, params, problem } = call;
  const address = addressOf(params.saleId, session.programmeId);
  if (!address) return problem("not_found");
  const sku = stubOf(env.SKU, address.skuKey, env);
  const outcome = await sku.command(params.saleId, command, session.memberId);
  if (outcome.kind === "not_found") return problem("not_found");
  if (outcome.kind === "conflict") {
    return problem("conflict", { reason: outcome.reason, ...outcome.figures });
  }
  // The log says which goods: nobody knows a sale by its id.
  const { title } = outcome.snapshot.sale.terms;
  call.audit({ after: { ...(call.body as object | undefined), goods: title } });
  return json(saleView(outcome.snapshot));
}
