/** Gifts of points to many over the real runtime: each member once, whatever dies between the steps. */
import { env } from "cloudflare:workers";
import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { runCampaign, sweepCampaigns } from "../campaigns/runner.ts";
import { CAMPAIGN_SQL, CampaignStore } from "../campaigns/store.ts";
import type { CampaignTerms } from "../campaigns/wire.ts";
import type { Env } from "../platform/env.ts";
import { SegmentStore } from "../segments/store.ts";
import { expectIndexed } from "./d1-plans.ts";
import { ask, holderOf, programme } from "./object-earning.ts";

const bindings = env as unknown as Env;
const TERMS = programme();
const P = TERMS.programmeId;
const NOW = Date.now();
const MEMBERS = 1_203;
const nameOf = (at: number): string => `m-${String(at).padStart(4, "0")}`;
const store = (): CampaignStore => new CampaignStore(bindings.DB, P);
const GIFT: CampaignTerms = {
  ...{ audience: { kind: "label", id: "vip" }, points: 5, note: "周年礼" },
  ...{ internalNote: "anniversary", expiresAtMs: null },
};

beforeAll(async () => {
  await applyD1Migrations(bindings.DB, inject("d1Migrations" as never) as D1Migration[]);
  const labels = new SegmentStore(bindings.DB, P);
  await labels.saveLabel("vip", "贵宾", "staff:t", NOW);
  const members = Array.from({ length: MEMBERS }, (_, at) => nameOf(at));
  await labels.put("vip", [...members, "merged-away"], true);
  await bindings.DB.prepare(
    `INSERT INTO members (programme_id, member_id, first_seen_at_ms, last_active_at_ms, merged_into)
     VALUES (?1, 'merged-away', 1, 1, 'm-0001')`,
  )
    .bind(P)
    .run();
  await ask(TERMS, nameOf(7), "profile", { facts: {}, isBlocked: true });
});

async function made(campaignId: string, terms: CampaignTerms = GIFT): Promise<void> {
  await store().make(campaignId, terms, "staff:a", NOW);
  const row = await store().find(campaignId);
  if (!row) throw new Error("it was not made");
  await store().gather(row);
}

async function entriesOf(memberId: string) {
  const memberKey = `${P}:${memberId}`;
  return (await holderOf(memberKey).points(memberKey, 1_000, 10)).entries;
}

/** D1 that forgets how far a campaign came at some step. */
function dyingAt(place: number): Env {
  let advances = 0;
  const DB = new Proxy(bindings.DB, {
    get: (target, name) => {
      if (name !== "prepare") return Reflect.get(target, name) as unknown;
      return (sql: string) => {
        if (sql === CAMPAIGN_SQL.advance && (advances += 1) === place) throw new Error("died");
        return target.prepare(sql);
      };
    },
  });
  return { ...bindings, DB };
}

describe("a gift to a label", () => {
  it("is gathered first, without records that were merged, and gives nothing before it is started", async () => {
    await made("gift-gathered");
    expect(await store().find("gift-gathered")).toMatchObject({ state: "ready", members: MEMBERS });
    await runCampaign(bindings, P, "gift-gathered", NOW, 9);
    expect(await entriesOf(nameOf(0))).toEqual([]);
    expect(await store().end("gift-gathered", "stopped", ["ready"], NOW)).toBe(true);
    expect(await store().start("gift-gathered", "staff:a", NOW)).toBe(false);
    expect(await store().next("gift-gathered", "", 9)).toEqual([]);
  });

  it("reaches each member once though a step dies, and skips who is blocked", async () => {
    const campaignId = "gift-resumed";
    await made(campaignId);
    expect(await store().start(campaignId, "staff:a+staff:b", NOW)).toBe(true);
    await expect(runCampaign(dyingAt(2), P, campaignId, NOW, 9)).rejects.toThrow("died");
    expect(await store().find(campaignId)).toMatchObject({ state: "running", given: 499 });
    await Promise.all([
      sweepCampaigns(bindings, NOW + 60_000),
      runCampaign(bindings, P, campaignId, NOW + 60_000, 9),
    ]);
    await sweepCampaigns(bindings, NOW + 120_000);
    expect(await store().find(campaignId)).toMatchObject({
      ...{ state: "done", given: MEMBERS - 1, refused: 1, members: MEMBERS },
    });
    for (const at of [0, 499, 500, 999, 1_000, MEMBERS - 1]) {
      const entries = await entriesOf(nameOf(at));
      expect(entries).toMatchObject([
        { type: "promo", points: 5, naturalKey: `promo:${campaignId}`, customerNote: "周年礼" },
      ]);
      expect(entries[0]).toMatchObject({ sourceId: campaignId, actor: "staff:a+staff:b" });
    }
    expect(await entriesOf(nameOf(7))).toEqual([]);
    expect(await entriesOf("merged-away")).toEqual([]);
  });

  it("that is stopped gives no more, and whoever has the points keeps them", async () => {
    const campaignId = "gift-stopped";
    await made(campaignId);
    await store().start(campaignId, "staff:a", NOW);
    await runCampaign(bindings, P, campaignId, NOW, 1);
    await store().end(campaignId, "stopped", ["running"], NOW);
    await sweepCampaigns(bindings, NOW);
    expect(await store().find(campaignId)).toMatchObject({ state: "stopped", given: 499 });
    const types = (at: number) =>
      entriesOf(nameOf(at)).then((all) => all.map(({ sourceId }) => sourceId));
    expect(await types(0)).toContain(campaignId);
    expect(await types(600)).not.toContain(campaignId);
  });

  it("ends where its points have lapsed before they were given", async () => {
    await made("gift-late", { ...GIFT, expiresAtMs: NOW + 1_000 });
    await store().start("gift-late", "staff:a", NOW);
    await runCampaign(bindings, P, "gift-late", NOW + 1_000, 9);
    expect(await store().find("gift-late")).toMatchObject({ state: "stopped", given: 0 });
  });
});

it.each(Object.entries(CAMPAIGN_SQL))("goes by an index: %s", (_name, sql) =>
  expectIndexed(bindings.DB, sql),
);
