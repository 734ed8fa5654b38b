/** `npm run lists`: the lists of the console over as many rows as a large merchant has. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endWith, optionsOf } from "../../worker/local/options.ts";
import { startServer } from "../../worker/local/server.ts";
import { fill, type Size } from "./fill.ts";
import { measure } from "./measure.ts";
import { LISTS, unplaced } from "./which.ts";

const HELP = `npm run lists -- [options]

Fills the D1 of a product of its own with members, ledger entries, goods and orders, and asks every list of the console
over HTTP, page after page. Says all of them, and exits 1 when a list's 95th percentile is above the bound, when one was
refused, or has nothing on it. Build first: npm run build

Options
  --members N   1,000 to 2,000,000 (default 1,000,000); five ledger entries each
  --goods N     100 to 200,000 (default 100,000)
  --orders N    1,000 to 2,000,000 (default 500,000)
  --requests N  10 to 1,000 of each list (default 60)
  --bound N     milliseconds that the 95th percentile may take (default 200)
  --data PATH   fills this folder once and keeps it; the next run asks what lies there
  --help        this text
`;

const { values } = optionsOf("npm run lists -- --help", {
  options: {
    members: { type: "string", default: "1000000" },
    goods: { type: "string", default: "100000" },
    orders: { type: "string", default: "500000" },
    requests: { type: "string", default: "60" },
    bound: { type: "string", default: "200" },
    data: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

function figure(name: keyof typeof values, min: number, max: number): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  return endWith(`--${name} is a whole number from ${min} to ${max}`);
}

async function send(origin: string, token: string, method: string, path: string, body: unknown) {
  const response = await fetch(origin + path, {
    method,
    headers: {
      "content-type": "application/json",
      ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}

async function main(): Promise<void> {
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const members = figure("members", 1_000, 2_000_000);
  const size: Size = {
    ...{ members, entries: members * 5, goods: figure("goods", 100, 200_000) },
    orders: figure("orders", 1_000, 2_000_000),
  };
  const requests = figure("requests", 10, 1_000);
  const bound = figure("bound", 1, 60_000);
  const kept = values.data;
  const dataDir = kept ?? mkdtempSync(join(tmpdir(), "qiangdui-lists-"));
  try {
    if (kept === undefined || !existsSync(join(dataDir, "state"))) await fillAnew(dataDir, size);
    process.stdout.write(`${JSON.stringify(size)}\n`);
    await withProduct(dataDir, async (origin, token) => {
      await expectEveryList(origin, token);
      process.exitCode = (await ask(origin, token, requests, bound)) ? 0 : 1;
    });
  } finally {
    if (kept === undefined) rmSync(dataDir, { recursive: true, force: true });
  }
}

async function fillAnew(dataDir: string, size: Size): Promise<void> {
  await withProduct(dataDir, async (origin, token) => {
    const pattern = { goodsId: "pattern", goods: { title: "样子", skus: [{ pricePoints: 1 }] } };
    await send(origin, token, "POST", "/api/v1/staff/goods", pattern);
  });
  const startedAtMs = performance.now();
  fill(dataDir, size, Date.now(), (table, rows) => {
    process.stderr.write(`\rfilling ${table.padEnd(14)} ${String(rows).padStart(8)} rows`);
  });
  const seconds = Math.round((performance.now() - startedAtMs) / 1_000);
  process.stderr.write(`\rfilled in ${seconds} s${" ".repeat(24)}\n`);
}

/** A list of the API that is neither asked nor named as no matter of size stops the run. */
async function expectEveryList(origin: string, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${origin}/api/openapi.json`, { headers });
  const { paths } = (await response.json()) as { paths: Record<string, { get?: object }> };
  const unknown = unplaced(paths);
  if (unknown.length > 0) throw new Error(`not in bench/lists/which.ts: ${unknown.join(", ")}`);
}

/** Serves the product over its data while `work` is done by its staff. */
async function withProduct(
  dataDir: string,
  work: (origin: string, token: string) => Promise<void>,
): Promise<void> {
  const server = await startServer({ port: 0, dataDir });
  try {
    const login = { memberId: "bench", role: "staff" };
    const { token } = await send(server.origin, "", "POST", "/api/v1/dev/login", login);
    await work(server.origin, String(token));
  } finally {
    await server.close();
  }
}

async function ask(
  origin: string,
  token: string,
  requests: number,
  bound: number,
): Promise<boolean> {
  const said = (ms: number): string => ms.toFixed(1).padStart(9);
  process.stdout.write(
    `${"list".padEnd(34)}${"p50 ms".padStart(9)}${"p95 ms".padStart(9)}${"max ms".padStart(9)}\n`,
  );
  let isGood = true;
  for (const list of LISTS) {
    const name = list.name.padEnd(34);
    const measured = await measure(origin, token, list, requests);
    if (measured.kind === "refused") {
      isGood = false;
      process.stdout.write(`${name}${measured.reason}\n`);
      continue;
    }
    const { p50Ms, p95Ms, maxMs } = measured;
    const isKept = p95Ms <= bound;
    isGood &&= isKept;
    const mark = isKept ? "" : "  above the bound";
    process.stdout.write(`${name}${said(p50Ms)}${said(p95Ms)}${said(maxMs)}${mark}\n`);
  }
  return isGood;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`lists failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
