/** How long the product takes after a restart until nothing of what was under way is left. */
import { sleep, type AuditRow, type ProductApi } from "../load/api.ts";

export interface Healed {
  readonly isQuiet: boolean;
  readonly rows: readonly AuditRow[];
  /** Since `sinceMs`: until no tapped hold waited, and until nothing at all was in flight. */
  readonly holdsMs: number;
  readonly quietMs: number;
}

const ASK_EVERY_MS = 100;

export async function untilHealed(
  api: ProductApi,
  sinceMs: number,
  patienceMs: number,
): Promise<Healed> {
  const deadlineMs = sinceMs + patienceMs;
  let holdsMs: number | null = null;
  for (;;) {
    const rows = await api.shallowAudit();
    const atMs = performance.now();
    const holds = rows.find(({ name }) => name === "I5_no_stuck_hold");
    if (holds?.inFlight === 0) holdsMs ??= atMs - sinceMs;
    const isQuiet = rows.every((row) => row.inFlight === 0);
    if (isQuiet || atMs > deadlineMs) {
      return { isQuiet, rows, holdsMs: holdsMs ?? atMs - sinceMs, quietMs: atMs - sinceMs };
    }
    await sleep(ASK_EVERY_MS);
  }
}
