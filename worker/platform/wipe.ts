/** Takes an object of a rehearsal away, rows and alarm. Any other object refuses: there is no second way to lose what it holds. */
import { isRehearsal } from "../kernel/ids.ts";
import { invariant } from "../kernel/invariant.ts";

export async function wipeObject(ctx: DurableObjectState): Promise<void> {
  invariant(isRehearsal(ctx.id.name ?? ""), "only objects of a rehearsal are ever wiped");
  await ctx.storage.deleteAlarm();
  await ctx.storage.deleteAll();
  // Memory still knows what the rows said; the object begins anew, which its caller hears of as an error.
  ctx.abort("wiped after a rehearsal");
}
