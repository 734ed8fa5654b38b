/** Which side of a commit a failpoint dies on, read from the disk of the dead product. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildCrashWorker, CRASH_BUNDLE_DIR } from "../../worker/local/build.ts";
import { ProductApi, type Member, type SaleView } from "../load/api.ts";
import { freePort } from "../load/product.ts";
import { countOnDisk } from "./disk.ts";
import { FAILPOINTS, SIDES, WRITTEN } from "./failpoints.ts";
import { untilHealed } from "./heal.ts";
import { Phoenix } from "./phoenix.ts";

const HOUR_MS = 3_600_000;
const HEALS_WITHIN_MS = 15_000;
const REACHED_WITHIN_MS = 10_000;
const PRODUCTION = join(CRASH_BUNDLE_DIR, "../worker");

let dataDir: string;
let phoenix: Phoenix;
let api: ProductApi;
let member: Member;
let sale: SaleView;

beforeAll(async () => {
  buildCrashWorker();
  dataDir = mkdtempSync(join(tmpdir(), "qiangdui-failpoints-"));
  phoenix = new Phoenix({ dataDir, port: await freePort(), onLog: () => {} });
  await phoenix.rise();
  api = new ProductApi(phoenix.origin);
  member = await api.login("member");
  await api.grant("member", 1_000, "failpoints");
  await api.createSku("failpoints", "Failpoints");
  sale = await api.createSale({
    skuId: "failpoints",
    title: "Failpoints",
    pricePoints: 10,
    units: 50,
    limitPerMember: 50,
    quantityMax: 1,
    opensAtMs: Date.now(),
    closesAtMs: Date.now() + HOUR_MS,
  });
});
afterAll(async () => {
  api?.close();
  await phoenix?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe("bundles", () => {
  it("have failpoints for crash rounds and none for production", () => {
    const bundle = (folder: string): string => readFileSync(join(folder, "index.js"), "utf8");
    const [deadly, production] = [bundle(CRASH_BUNDLE_DIR), bundle(PRODUCTION)];
    const names = [...WRITTEN, ...FAILPOINTS.map(({ place }) => place)].filter(
      (name) => !SIDES.some((side) => name.endsWith(`:${side}`)),
    );
    expect(names.filter((name) => !deadly.includes(`"${name}"`))).toEqual([]);
    expect(names.filter((name) => production.includes(`"${name}"`))).toEqual([]);
    expect(production).not.toMatch(/failpoint/i);
  });
});

/** What the disk of the dead product says of an order, in three counts. */
function evidenceOf(orderId: string): { held: number; taken: number; posted: number } {
  const ofOrder = `FROM orders WHERE order_id = '${orderId}'`;
  return {
    held: countOnDisk(dataDir, "Account", `SELECT COUNT(*) AS n ${ofOrder}`),
    taken: countOnDisk(
      dataDir,
      "Sku",
      `SELECT COUNT(*) AS n FROM takes WHERE order_id = '${orderId}'`,
    ),
    posted: countOnDisk(dataDir, "Account", `SELECT COUNT(*) AS n ${ofOrder} AND hold = 'posted'`),
  };
}

/** Arms the place, redeems into it, kills; answers what the client was told, if anything. */
async function redeemInto(place: string, orderId: string): Promise<number | "no answer"> {
  await untilHealed(api, performance.now(), HEALS_WITHIN_MS);
  await phoenix.arm(`${place}@1`);
  const path = `/api/v1/sales/${sale.saleId}/redemptions`;
  const body = { orderId, quantity: 1, epoch: sale.epoch };
  const told = api.http.request("POST", path, { token: member.token, body }).then(
    ({ status }) => status,
    () => "no answer" as const,
  );
  const late = new Promise<string>((resolve) => {
    setTimeout(resolve, REACHED_WITHIN_MS, "not reached");
  });
  expect(await Promise.race([phoenix.fired, late])).toBe(place);
  await phoenix.kill();
  return told;
}

describe("a redemption that meets a death", () => {
  const [HELD, TAKEN, POSTED] = [
    { held: 1, taken: 0, posted: 0 },
    { held: 1, taken: 1, posted: 0 },
    { held: 1, taken: 1, posted: 1 },
  ];
  const NOTHING = { held: 0, taken: 0, posted: 0 };
  const cases = [
    ["account:hold:before-commit", NOTHING],
    ["account:hold:before-fsync", NOTHING],
    ["account:hold:after-commit", HELD],
    ["sku:take:before-commit", HELD],
    ["sku:take:before-fsync", HELD],
    ["sku:take:after-commit", TAKEN],
    ["account:ask:after-reply", TAKEN],
    ["account:post:before-commit", TAKEN],
    ["account:post:after-commit", POSTED],
  ] as const;

  it.each(cases)("at %s left %o and no answer", async (place, evidence) => {
    const orderId = `died-at-${place.replaceAll(":", "-")}`;
    expect(await redeemInto(place, orderId)).toBe("no answer");
    expect(evidenceOf(orderId)).toEqual(evidence);
    await phoenix.rise();
    const healed = await untilHealed(api, performance.now(), HEALS_WITHIN_MS);
    expect(healed.isQuiet).toBe(true);
    const reply = await api.http.request("GET", `/api/v1/orders/${orderId}`, {
      token: member.token,
    });
    // A tapped hold goes through by itself; what never was committed never was.
    expect(reply.status).toBe(evidence.held === 1 ? 200 : 404);
    if (evidence.held === 1) expect(JSON.parse(reply.body)).toMatchObject({ state: "to_ship" });
  });
});
