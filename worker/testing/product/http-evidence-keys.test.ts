/** Evidence keys are exchanged on a product that goes on: what was signed before is believed, what comes is signed anew. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { startServer, type Server } from "../../local/server.ts";
import { Caller, makeMember, until } from "./product.ts";

const OLD = `old:${"a1".repeat(32)}`;
const NEW = `new:${"b2".repeat(32)}`;
const DAY_MS = 86_400_000;
const SCRIPT = join(import.meta.dirname, "../../../docs/verify-receipt.mjs");
const folder = mkdtempSync(join(tmpdir(), "qiangdui-keys-"));
let server: Server | null = null;

afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The product on the data of before, with another ring. */
async function startWith(keys: string): Promise<Server> {
  await server?.close();
  const vars = { EVIDENCE_KEYS: keys };
  server = await startServer({ port: 0, dataDir: join(folder, "data"), vars });
  return server;
}

async function sealToday(running: Server): Promise<void> {
  const worker = await running.miniflare.getWorker("qiangdui");
  const scheduledTime = new Date(Date.now() + DAY_MS + 600_000);
  await worker.scheduled({ cron: "* * * * *", scheduledTime });
}

interface Receipt {
  readonly keyId: string;
  readonly inclusion: { readonly root: { readonly keyId: string } } | null;
}
interface Roots {
  readonly keys: readonly { readonly keyId: string }[];
  readonly roots: readonly { readonly keyId: string }[];
}

/** By the script that a stranger runs, against the list as it is published now. */
function isBelieved(receipt: Receipt, roots: Roots): boolean {
  const files = { "receipt.json": receipt, "roots.json": roots };
  const paths = Object.entries(files).map(([name, value]) => {
    writeFileSync(join(folder, name), JSON.stringify(value));
    return join(folder, name);
  });
  try {
    execFileSync(process.execPath, [SCRIPT, ...paths], { stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
}

it("exchanges a key: first beside the old one, then alone", { timeout: 240_000 }, async () => {
  const first = await startWith(OLD);
  const staff = await new Caller(first.origin).login("staff", "staff");
  const member = await makeMember(staff, "m", 50);
  const path = "/api/v1/me/points/entries/1/receipt";
  const rootsPath = "/api/v1/evidence/demo/roots";
  const sealed = await until(
    async () => {
      await sealToday(first);
      return (await member.get<Receipt>(path)).body;
    },
    ({ inclusion }) => inclusion !== null,
  );
  expect(sealed.keyId).toBe("old");
  const before = (await member.get<Roots>(rootsPath)).body;
  expect(before.keys.map(({ keyId }) => keyId)).toEqual(["old"]);
  expect(isBelieved(sealed, before)).toBe(true);

  for (const [ring, keys] of [
    [`${NEW},${OLD}`, ["new", "old"]],
    [NEW, ["new", "old"]],
  ] as const) {
    const { origin } = await startWith(ring);
    const again = Object.assign(new Caller(origin), { token: member.token });
    const published = (await again.get<Roots>(rootsPath)).body;
    // Every key that ever signed is published for ever.
    expect(published.keys.map(({ keyId }) => keyId).toSorted()).toEqual(keys);
    expect(published.roots[0]?.keyId).toBe("old");
    expect(isBelieved(sealed, published), ring).toBe(true);
    const fresh = (await again.get<Receipt>(path)).body;
    expect(fresh.keyId).toBe("new");
    expect(isBelieved(fresh, published), ring).toBe(true);
    // A list without the new key believes nothing that it signed.
    expect(isBelieved(fresh, before)).toBe(false);
  }
});
