/** Each peer, when its programs are there: exact, idempotent, and with the product's refusals. */
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Member } from "../load/api.ts";
import { DoorSocket } from "../load/door-client.ts";
import { HttpClient, type Reply } from "../load/http-client.ts";
import type { Figures } from "../load/scenario.ts";
import { auditDump, type PeerSale } from "./books.ts";
import { PROGRAMME_ID, type Peer, type PeerOptions } from "./peer.ts";
import { postgresAbsence, startPostgresPeer } from "./postgres/index.ts";
import { redisAbsence, startRedisPeer } from "./redis/index.ts";
import { runPeerDoor } from "./scenario-door.ts";
import { runPeerRedemptions } from "./scenario.ts";

const KINDS = [
  {
    name: "redis",
    kind: "redis",
    start: startRedisPeer,
    absence: redisAbsence,
    durability: { appendonly: "yes", appendfsync: "always" },
  },
  {
    name: "postgres",
    kind: "postgres",
    start: startPostgresPeer,
    absence: postgresAbsence,
    durability: { fsync: "on", synchronous_commit: "on", full_page_writes: "on" },
  },
  {
    name: "postgres-batched",
    kind: "postgres",
    start: (options: PeerOptions) => startPostgresPeer({ ...options, isBatched: true }),
    absence: postgresAbsence,
    durability: { fsync: "on", synchronous_commit: "on", full_page_writes: "on" },
  },
] as const;

const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}`);

function expectThroughputOf({ series = [] }: Figures): void {
  expect(series.map(({ chart }) => chart)).toEqual(["throughput"]);
  expect(
    Math.max(...series.flatMap(({ points }) => points.map(([, rate]) => rate))),
  ).toBeGreaterThan(0);
}

describe.each(KINDS)("without its programs, $name", ({ kind, start }) => {
  it("answers with the line that installs them", async () => {
    const started = await start({ binaryDirs: [join(tmpdir(), "no-such-folder")] });
    expect(started).toMatchObject({ ok: false, kind, install: expect.stringContaining("apt-get") });
  });
});

for (const { name, start, absence, durability } of KINDS) {
  const absent = absence();
  if (absent) console.log(`skipped: ${absent.reason}; ${absent.install}`);

  describe.skipIf(absent !== null)(`the ${name} peer`, () => {
    let dataDir: string;
    let peer: Peer;
    let http: HttpClient;
    let members: readonly Member[];
    let ordinal = 0;

    beforeAll(async () => {
      dataDir = mkdtempSync(join(tmpdir(), "qiangdui-peer-test-"));
      const started = await start({ dataDir });
      if (!started.ok) throw new Error(started.reason);
      peer = started.peer;
      http = new HttpClient(peer.origin);
      members = await peer.members(40);
    });

    afterAll(async () => {
      http.close();
      const pids = [peer.nodePid, peer.databasePid];
      expect(pids.every(isRunning)).toBe(true);
      await peer.stop();
      expect(pids.some(isRunning)).toBe(false);
      expect(existsSync(dataDir)).toBe(false);
    });

    const memberAt = (at: number): Member => members[at % members.length] as Member;
    const orderId = (at = 0): string => `test-${ordinal}-${String(at).padStart(12, "0")}`;

    async function newSale(own: Partial<PeerSale> = {}): Promise<PeerSale> {
      ordinal += 1;
      const sale = {
        saleId: `${PROGRAMME_ID}.test~${ordinal}`,
        ...{ pricePoints: 100, units: 10, limitPerMember: 1, quantityMax: 2 },
        ...{ opensAtMs: 0, closesAtMs: Date.now() + 3_600_000 },
        ...own,
      };
      await peer.books.createSale(sale);
      return sale;
    }

    interface Ask {
      readonly member?: number;
      readonly id?: string;
      readonly quantity?: number;
      readonly epoch?: number;
      readonly route?: "redemptions" | "takes";
    }

    function ask(saleId: string, own: Ask = {}): Promise<Reply> {
      const { member = 0, id = orderId(), quantity = 1, epoch = 0, route = "redemptions" } = own;
      const body = { orderId: id, quantity, epoch };
      const { token } = memberAt(member);
      return http.request("POST", `/api/v1/sales/${saleId}/${route}`, { token, body });
    }

    const bodyOf = (reply: Reply): Record<string, unknown> =>
      JSON.parse(reply.body) as Record<string, unknown>;
    const codesOf = (replies: readonly Reply[]): Record<string, number> => {
      const codes: Record<string, number> = {};
      for (const reply of replies) {
        const code = reply.status < 300 ? String(reply.status) : String(bodyOf(reply)["code"]);
        codes[code] = (codes[code] ?? 0) + 1;
      }
      return codes;
    };
    const broken = async (): Promise<unknown[]> =>
      auditDump(await peer.books.dump()).filter(({ ok }) => !ok);

    it("is durable by its own word", async () => {
      expect(await peer.books.durability()).toEqual(durability);
    });

    it("says its versions", () => {
      expect(Object.values(peer.versions).filter((version) => !/\d+\.\d+/.test(version))).toEqual(
        [],
      );
    });

    it("grants, and answers a repeat word for word", async () => {
      const { saleId } = await newSale();
      const first = await ask(saleId);
      expect(first.status).toBe(201);
      expect(bodyOf(first)).toEqual({
        orderId: orderId(),
        outcome: "granted",
        points: 100,
        remaining: 9,
      });
      await ask(saleId, { member: 1, id: orderId(1) });
      const again = await ask(saleId);
      expect(again).toEqual({ status: 200, body: first.body });
    });

    it("names the fields of a repeat that differs", async () => {
      const { saleId } = await newSale({ limitPerMember: 5 });
      const other = await newSale({ limitPerMember: 5 });
      await ask(saleId);
      const differing = [
        [await ask(saleId, { quantity: 2 }), ["quantity"]],
        [await ask(saleId, { epoch: 3 }), ["epoch"]],
        [await ask(other.saleId, { epoch: 3 }), ["saleId", "epoch"]],
      ] as const;
      for (const [reply, fields] of differing) {
        expect(reply.status).toBe(422);
        expect(bodyOf(reply)).toMatchObject({ code: "idempotency_mismatch", fields });
      }
    });

    it("grants one of many repeats at once", async () => {
      const { saleId } = await newSale({ limitPerMember: 5 });
      const replies = await Promise.all(Array.from({ length: 24 }, () => ask(saleId)));
      expect(codesOf(replies)).toEqual({ 201: 1, 200: 23 });
      expect(new Set(replies.map(({ body }) => body)).size).toBe(1);
      expect(await peer.books.sale(saleId)).toMatchObject({ remaining: 9 });
    });

    it("keeps the limit against orders at once, and the refusal for ever", async () => {
      const { saleId } = await newSale({ limitPerMember: 3, units: 30 });
      const ids = Array.from({ length: 20 }, (_, at) => orderId(at));
      const replies = await Promise.all(ids.map((id) => ask(saleId, { id })));
      expect(codesOf(replies)).toEqual({ 201: 3, limit_reached: 17 });
      const refused = replies.findIndex(({ status }) => status === 409);
      const again = await ask(saleId, { id: ids[refused] as string });
      expect(again).toEqual(replies[refused]);
      expect(bodyOf(again)).toMatchObject({ limit: 3, used: 3 });
    });

    it("refuses who has too few points", async () => {
      const { saleId } = await newSale({ pricePoints: 600_000, limitPerMember: 2 });
      const refusal = await ask(saleId, { member: 39, quantity: 2 });
      expect(refusal.status).toBe(409);
      const figures = { needed: 1_200_000, active: 1_000_000 };
      expect(bodyOf(refusal)).toMatchObject({ code: "points_insufficient", ...figures });
      // What the id was refused stays so; another id is free to ask for less.
      expect(await ask(saleId, { member: 39, quantity: 2 })).toEqual(refusal);
      expect((await ask(saleId, { member: 39, id: orderId(1) })).status).toBe(201);
    });

    it("sells the last units once, whoever comes at once", async () => {
      const { saleId } = await newSale({ units: 5 });
      const replies = await Promise.all(
        members.map((_, member) => ask(saleId, { member, id: orderId(member) })),
      );
      expect(codesOf(replies)).toEqual({ 201: 5, sold_out: 35 });
      const left = await newSale({ units: 1, limitPerMember: 2 });
      const short = await ask(left.saleId, { quantity: 2 });
      expect(bodyOf(short)).toMatchObject({ code: "sold_out", remaining: 1 });
      expect(await broken()).toEqual([]);
    });

    it("refuses before, after, beyond and beside a sale", async () => {
      const early = await newSale({ opensAtMs: Date.now() + 60_000 });
      const notOpen = await ask(early.saleId);
      expect(notOpen.status).toBe(425);
      expect(Number(bodyOf(notOpen)["opensInMs"])).toBeGreaterThan(50_000);
      const late = await newSale({ closesAtMs: 1_000 });
      expect(bodyOf(await ask(late.saleId))).toMatchObject({ code: "closed", closedAtMs: 1_000 });
      const small = await newSale();
      expect((await ask(small.saleId, { quantity: 3 })).status).toBe(422);
      expect((await ask("peer.none~1")).status).toBe(404);
      expect((await ask(small.saleId, { id: "short" })).status).toBe(422);
      // None of these took the id: it still counts.
      expect((await ask(small.saleId)).status).toBe(201);
    });

    it("lets nobody in without a session of its own making", async () => {
      const { saleId } = await newSale();
      const path = `/api/v1/sales/${saleId}/redemptions`;
      const body = { orderId: orderId(), quantity: 1, epoch: 0 };
      const forged = memberAt(0).token.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
      expect((await http.request("POST", path, { body })).status).toBe(401);
      expect((await http.request("POST", path, { body, token: forged })).status).toBe(401);
      expect((await http.request("POST", path, { token: memberAt(0).token })).status).toBe(415);
      expect(await peer.books.sale(saleId)).toMatchObject({ remaining: 10 });
    });

    it("takes what is reserved, once", async () => {
      const sale = await newSale({ units: 3 });
      const route = "takes";
      expect((await ask(sale.saleId, { route })).status).toBe(404);
      const reservations = Array.from({ length: 5 }, (_, at) => {
        const memberKey = `${PROGRAMME_ID}:${memberAt(at).memberId}`;
        return { memberKey, orderId: orderId(at), quantity: 1, epoch: 0 };
      });
      await peer.books.reserve(sale, reservations);
      const replies = await Promise.all(
        reservations.map(({ orderId: id }, member) => ask(sale.saleId, { member, id, route })),
      );
      expect(codesOf(replies)).toEqual({ 201: 3, sold_out: 2 });
      const granted = replies.findIndex(({ status }) => status === 201);
      const again = await ask(sale.saleId, { member: granted, id: orderId(granted), route });
      expect(again).toEqual({ status: 200, body: replies[granted]?.body });
      expect(await broken()).toEqual([]);
    });

    it("opens its door to genuine tickets only", async () => {
      const { saleId } = await newSale();
      const claims = { memberKey: "peer:x", saleId: "peer.other~1", orderId: orderId() };
      const ticket = peer.ticketOf({ ...claims, quantity: 1, epoch: 0, points: 100 });
      const lost = await new Promise<string>((resolve) => {
        const door = new DoorSocket(peer.origin, `/api/v1/sales/${saleId}/door?ticket=${ticket}`, {
          onClock: () => resolve("it opened"),
          onVerdict: () => resolve("it answered"),
          onLost: (error) => resolve(error.message),
        });
        setTimeout(() => door.close(), 5_000).unref();
      });
      expect(lost).toContain("403");
    });

    it("runs its loads exactly, with more demand than units", async () => {
      const load = { count: 300, units: 180, connections: 32, members: 40 };
      for (const variant of ["redemption", "take"] as const) {
        const figures = await runPeerRedemptions(peer, { ...load, variant });
        expect(figures.breaches).toEqual([]);
        expect(figures.latenciesMs).toHaveLength(300);
        expect(figures.name).toBe(`${name}-${variant}`);
        expectThroughputOf(figures);
      }
      const door = await runPeerDoor(peer, { sockets: 40, units: 25 });
      expect(door.breaches).toEqual([]);
      expect(door.perSecond).toBeGreaterThan(0);
      expectThroughputOf(door);
    });
  });
}
