/** Who a member is, where they live, what number they have, which code they got: what is left of it when all is done. */
import { listDurableObjectIds, runInDurableObject } from "cloudflare:test";
import type { DurableObject } from "cloudflare:workers";
import { beforeAll, expect, it, vi } from "vitest";
import { sweepFulfilment } from "../fulfilment/index.ts";
import { bindings, migrate, type Caller } from "./object-catalogue.ts";
import { Mall, newId, RECIPIENT, untilState } from "./object-fulfilment.ts";
import { pictureSaying } from "./object-pictures.ts";

vi.setConfig({ testTimeout: 120_000 });

const CODE = "SECRET-CODE-0001";
/** Of another number than the one that parcels are announced to. */
const ACCOUNT = "13712340416";
/** What people write, not what they fill in. */
const WORDS = { name: "林晚晴", phone: "137 0000 1188", door: "鼓浪屿 8 号" } as const;
const SUPPLIER = `云山供货 ${newId().slice(0, 8)}`;

type Member = Caller & { memberId: string };

let mall: Mall;
beforeAll(async () => {
  await migrate();
  mall = await Mall.open();
});

/** Shown, looked at, given out in a file, sent to a supplier, sent by a courier. */
async function parcel(member: Member): Promise<void> {
  const skuId = await mall.goods("physical", 9, {
    supplier: { name: SUPPLIER, code: "Y-1", isDropShipped: true },
  });
  const orderId = await mall.order(member, skuId);
  await mall.address(member, orderId);
  const order = `/api/v1/staff/orders/${member.memberId}/${orderId}`;
  const seen = await mall.must("GET", order);
  expect(seen.body.delivery.recipient).toEqual({
    ...{ name: "黄*安", phone: "136****0415", region: "福建省厦门市思明区" },
    detail: "镇海路 ****",
  });
  const reveal = { what: "address", reason: "the courier asked" };
  expect((await mall.must("POST", `${order}/reveal`, reveal)).body).toMatchObject(RECIPIENT);
  const again = await mall.must("GET", order);
  expect(again.body.reveals).toMatchObject([{ what: "address", reason: "the courier asked" }]);
  const file = `/api/v1/staff/orders/supplier-file?${new URLSearchParams({ supplier: SUPPLIER }).toString()}`;
  await vi.waitFor(
    async () => expect((await mall.must("GET", file)).text).toContain(RECIPIENT.phone),
    { timeout: 20_000, interval: 100 },
  );
  const exported = await mall.must("GET", "/api/v1/staff/orders/export");
  expect(exported.text).not.toContain(RECIPIENT.phone);
  await mall.ship(member.memberId, orderId);
  await evidence(member, orderId);
}

async function evidence(member: Member, orderId: string): Promise<void> {
  const picture = pictureSaying(`${RECIPIENT.name} ${RECIPIENT.detail}`);
  const path = `/api/v1/orders/${orderId}/evidence`;
  const kept = await member.send("POST", path, picture, "image/png");
  expect(kept.status, kept.text).toBe(201);
  expect((await member.get(kept.body.path)).text).toContain(RECIPIENT.name);
  await words(member, orderId, [kept.body.name]);
}

/** What a member writes with a case, what the desk answers, and what a second person reads of it and says. */
async function words(member: Member, orderId: string, pictures: readonly string[]): Promise<void> {
  const ask = async (shown: readonly string[]): Promise<string> => {
    const caseId = newId().slice(0, 38);
    const asked = await member.send("POST", `/api/v1/orders/${orderId}/after-sales`, {
      ...{ caseId, kind: "refund", quantity: 1, evidence: shown },
      ...{ reason: `torn, call ${WORDS.phone}`, note: `I am ${WORDS.name}, ${WORDS.door}` },
    });
    expect(asked.status, asked.text).toBe(200);
    return `/api/v1/staff/after-sales/${member.memberId}/${orderId}/${caseId}`;
  };
  const refused = await ask(pictures);
  await mall.must("POST", `${refused}/refuse`, {
    note: `Dear ${WORDS.name}, not at ${WORDS.door}`,
  });
  const agreed = await ask([]);
  await bindings.DB.prepare(
    "INSERT INTO approval_thresholds (programme_id, kind, from_figure, revision) VALUES ('demo', 'orders.refund', 0, 1)",
  ).run();
  const note = `Sorry, ${WORDS.name}`;
  const waits = await mall.must("POST", `${agreed}/agree-refund`, { note });
  expect(waits.status).toBe(202);
  // Repeated it is the same proposal: its words are compared as they read.
  expect((await mall.must("POST", `${agreed}/agree-refund`, { note })).body).toEqual(waits.body);
  const inbox = (await mall.must("GET", "/api/v1/staff/approvals")).body.items;
  expect(inbox).toMatchObject([{ reason: note, payload: { note } }]);
  const second = await mall.clerk();
  const decide = `/api/v1/staff/approvals/${inbox[0].approvalId}/approve`;
  const done = await second.send("POST", decide, { note: `yes, ${WORDS.name}` });
  expect(done.body).toMatchObject({ state: "done", note: `yes, ${WORDS.name}` });
  const { afterSales } = (await member.get(`/api/v1/orders/${orderId}`)).body;
  expect(afterSales[1]).toMatchObject({ reason: `torn, call ${WORDS.phone}`, state: "done" });
  expect(afterSales[1].history[1]).toMatchObject({ step: "agree_refund", note });
}

/** Words about goods wait until somebody has read them. */
async function rated(member: Member): Promise<void> {
  const skuId = await mall.goods("card_code");
  const path = `/api/v1/staff/codes/${skuId}/import?batchId=${newId().slice(0, 38)}`;
  await mall.must("POST", path, newId(), "text/csv");
  const orderId = await mall.order(member, skuId);
  await untilState(member, orderId, "received");
  const comment = `ask ${WORDS.name} at ${WORDS.door}`;
  const said = await member.send("POST", `/api/v1/orders/${orderId}/rating`, { stars: 5, comment });
  expect(said.body.rating).toEqual({ stars: 5, comment, state: "waiting" });
  const at = `/api/v1/staff/ratings/${member.memberId}/${orderId}`;
  const waiting = await mall.must("GET", "/api/v1/staff/ratings");
  expect(waiting.body.items).toMatchObject([{ comment }]);
  const shop = `/api/v1/goods/${skuId}/ratings`;
  await mall.must("POST", at, { state: "shown" });
  expect((await member.get(shop)).body.comments).toMatchObject([{ comment }]);
  await mall.must("POST", at, { state: "hidden" });
  expect((await member.get(shop)).body.comments).toEqual([]);
  const hidden = await mall.must("GET", "/api/v1/staff/ratings?state=hidden");
  expect(hidden.body.items).toMatchObject([{ comment, state: "hidden" }]);
  // A colleague whose list is older shows no words that were hidden since; the same answer again is no contradiction.
  const late = await mall.staff.send("POST", at, { state: "shown", basedOn: "waiting" });
  expect([late.status, late.body]).toMatchObject([409, { current: { state: "hidden" } }]);
  await mall.must("POST", at, { state: "hidden", basedOn: "waiting" });
  expect((await member.get(shop)).body.comments).toEqual([]);
  await mall.must("POST", at, { state: "shown", basedOn: "hidden" });
  await mall.must("POST", at, { state: "hidden" });
}

async function cardCode(member: Member): Promise<void> {
  const skuId = await mall.goods("card_code");
  const path = `/api/v1/staff/codes/${skuId}/import?batchId=${newId().slice(0, 38)}`;
  await mall.must("POST", path, CODE, "text/csv");
  const orderId = await mall.order(member, skuId);
  await untilState(member, orderId, "received");
  const shown = await member.send("POST", `/api/v1/orders/${orderId}/codes/reveal`, { reason: "" });
  expect(shown.body.codes).toEqual([CODE]);
}

async function topUp(member: Member): Promise<void> {
  const orderId = await mall.order(member, await mall.goods("virtual"));
  const path = `/api/v1/orders/${orderId}/account`;
  const named = await member.send("PUT", path, { account: "137 1234 0416" });
  expect(named.status, named.text).toBe(200);
  expect((await mall.delivery(member, orderId)).body.account).toBe("137****0416");
}

it("stands in clear in no table, in no object, in no stored file, and in no line of the log", async () => {
  const lines: string[] = [];
  const take = (...said: unknown[]): void => void lines.push(said.map(String).join(" "));
  const spies = (["log", "info", "warn", "error", "debug"] as const).map((way) =>
    vi.spyOn(console, way).mockImplementation(take),
  );
  try {
    const member = await mall.member();
    await parcel(member);
    await cardCode(member);
    await topUp(member);
    await rated(member);
    await sweepFulfilment(bindings, Date.now());
    // What goes wrong is told too, and not about whom.
    await member.send("PUT", `/api/v1/me/addresses/${newId().slice(0, 38)}`, {
      ...{ ...RECIPIENT, regionCode: "000000" },
    });
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  const { name, phone } = RECIPIENT;
  const secrets = [name, phone, "136 1234 0415", "26 号 301", ACCOUNT, "137 1234 0416", CODE];
  secrets.push(...Object.values(WORDS));
  const kept = [...(await textsOfD1()), ...(await textsOfObjects()), ...(await textsOfFiles())];
  const places = new Set(kept.map(({ place }) => place.split(" ", 1)[0]));
  expect(places).toEqual(
    new Set(["D1", "ACCOUNT", "SKU", "CODES", "PROJECTOR", "OPEN_PAGES", "R2"]),
  );
  const all = [...kept, { place: "log", text: lines.join("\n") }];
  const found = all.flatMap(({ place, text }) =>
    secrets.filter((secret) => text.includes(secret)).map((secret) => `${place}: ${secret}`),
  );
  expect(found).toEqual([]);
});

interface Kept {
  readonly place: string;
  readonly text: string;
}

const TABLES =
  "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_%' ESCAPE '\\'";

async function textsOfD1(): Promise<Kept[]> {
  const tables = await bindings.DB.prepare(TABLES).all<{ name: string }>();
  expect(tables.results.length).toBeGreaterThan(20);
  return Promise.all(
    tables.results.map(async ({ name }) => {
      const { results } = await bindings.DB.prepare(`SELECT * FROM "${name}"`).all();
      return { place: `D1 ${name}`, text: JSON.stringify(results) };
    }),
  );
}

/** Of every class of objects that the deployment binds. */
async function textsOfObjects(): Promise<Kept[]> {
  const kept: Kept[] = [];
  const kinds = [
    "ACCOUNT",
    "SKU",
    "GATE",
    "CODES",
    "REHEARSAL",
    "PROJECTOR",
    "WECHAT",
    "OPEN_PAGES",
  ] as const;
  for (const kind of kinds) {
    const namespace = bindings[kind] as unknown as DurableObjectNamespace;
    for (const id of await listDurableObjectIds(namespace)) {
      const stub = namespace.get(id) as DurableObjectStub<DurableObject>;
      const text = await runInDurableObject(stub, (_, { storage: { sql } }) =>
        sql
          .exec<{ name: string }>(TABLES)
          .toArray()
          .map(({ name }) => JSON.stringify(sql.exec(`SELECT * FROM "${name}"`).toArray()))
          .join("\n"),
      );
      kept.push({ place: `${kind} ${String(id)}`, text });
    }
  }
  return kept;
}

async function textsOfFiles(): Promise<Kept[]> {
  const { objects } = await bindings.MEDIA.list();
  return Promise.all(
    objects.map(async ({ key, httpMetadata, customMetadata }) => {
      const bytes = await (await bindings.MEDIA.get(key))?.arrayBuffer();
      const about = JSON.stringify([key, httpMetadata, customMetadata]);
      return {
        place: `R2 ${key}`,
        text: about + Buffer.from(bytes ?? new ArrayBuffer()).toString(),
      };
    }),
  );
}
