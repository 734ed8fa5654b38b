/** The demo merchant: a tea shop with 28 goods, 500 members and three sales. Through the API, as anybody would. */
import { DAY_MS } from "../kernel/clock.ts";
import { seedAffairs } from "./seed-affairs.ts";
import { Client } from "./seed-client.ts";
import { Desk } from "./seed-desk.ts";
import { seedRegister } from "./seed-members.ts";
import { seedDelivery, seedOrders } from "./seed-fulfilment.ts";
import { seedEarning } from "./seed-earning.ts";
import { seedPages } from "./seed-pages.ts";
import { seedGoods } from "./seed-goods.ts";
import { seedMoney } from "./seed-money.ts";
import { seedVirtual } from "./seed-virtual.ts";

const MEMBERS = 500;
/** Members with orders and tiers of their own. */
const REGULARS = 24;
const AT_ONCE = 50;

export interface Demo {
  readonly running: string;
  readonly next: string;
  readonly soldOut: string;
  /** A member with points, and one without. */
  readonly member: string;
  readonly newcomer: string;
}

interface SaleDraft {
  readonly skuId: string;
  readonly title?: string;
  readonly units: number;
  readonly pricePoints: number;
  readonly priceFen?: number;
  readonly opensAtMs: number;
  readonly closesAtMs: number;
}

export async function seedDemo(origin: string): Promise<Demo> {
  const staff = await new Client(origin).login("demo-staff", "staff");
  await seedGoods(staff);
  await seedDelivery(staff);
  await seedVirtual(staff);
  await seedPages(staff);
  await seedMembers(staff);
  const nowMs = Date.now();
  const regulars = Array.from({ length: REGULARS }, (_, at) => memberName(at + 1));
  await seedEarning(staff, regulars, nowMs);
  const running = await openSale(staff, {
    skuId: "canvas-tote",
    units: 60,
    pricePoints: 240,
    opensAtMs: nowMs,
    closesAtMs: nowMs + 6 * 3_600_000,
  });
  const next = await openSale(staff, {
    skuId: "travel-cup",
    units: 120,
    pricePoints: 600,
    opensAtMs: nowMs + 120_000,
    closesAtMs: nowMs + 120_000 + 2 * 3_600_000,
  });
  const soldOut = await openSale(staff, {
    skuId: "annual-card",
    units: 5,
    pricePoints: 1_800,
    opensAtMs: nowMs,
    closesAtMs: nowMs + 6 * 3_600_000,
  });
  await sellOut(origin, soldOut, 5);
  await seedSessions(staff, nowMs);
  await seedRegister(staff, regulars);
  const memberAt = (at: number): Promise<Client> =>
    new Client(origin).login(memberName(at), "member");
  await seedOrders(memberAt);
  const desk = new Desk(staff, memberAt);
  await seedAffairs(desk);
  await seedMoney(desk);
  return { running, next, soldOut, member: "tea-001", newcomer: "newcomer" };
}

/** Balances from nothing to plenty, in up to three lots: one lapses in days, one within the year, one never. */
async function seedMembers(staff: Client): Promise<void> {
  const nowMs = Date.now();
  const grants: { memberId: string; body: unknown }[] = [];
  for (let at = 1; at <= MEMBERS; at += 1) {
    const memberId = memberName(at);
    const points = (factor: number, most: number): number => 10 * ((at * factor) % most) + 50;
    const lots = [
      { points: points(37, 90), reason: "消费得分", days: 7 + (at % 24) },
      {
        points: points(91, 260) + (at <= 40 ? 3_000 : 0),
        reason: "会员日双倍",
        days: 200 + (at % 160),
      },
      { points: points(53, 40), reason: "新会员礼", days: null },
    ].slice(0, 1 + (at % 3 === 0 ? 2 : (at % 2) + 1));
    lots.forEach((lot, number) => {
      const expiresAtMs = lot.days === null ? null : nowMs + lot.days * DAY_MS;
      const { points: amount, reason } = lot;
      grants.push({
        memberId,
        body: { points: amount, reason, expiresAtMs, idempotencyKey: `seed-${number}` },
      });
    });
  }
  await inChunks(grants, ({ memberId, body }) =>
    staff.post(`/api/v1/staff/members/${memberId}/grants`, body),
  );
}

export function memberName(at: number): string {
  return `tea-${String(at).padStart(3, "0")}`;
}

async function openSale(staff: Client, draft: SaleDraft): Promise<string> {
  const body = { limitPerMember: 1, quantityMax: 1, ...draft };
  const { saleId } = await staff.post<{ saleId: string }>("/api/v1/staff/sales", body);
  await staff.post(`/api/v1/staff/sales/${saleId}/schedule`);
  return saleId;
}

/** Tomorrow's evening, promised, and a draft for the day after. */
async function seedSessions(staff: Client, nowMs: number): Promise<void> {
  const eveningMs = Math.floor((nowMs + 8 * 3_600_000) / DAY_MS) * DAY_MS + 36 * 3_600_000;
  const item = (skuId: string, pricePoints: number, units: number) => {
    return { skuId, pricePoints, units, limitPerMember: 1, quantityMax: 1 };
  };
  const tomorrow = await staff.post<{ sessionId: string; version: number }>(
    "/api/v1/staff/sessions",
    {
      ...{ title: "茶器之夜", opensAtMs: eveningMs, closesAtMs: eveningMs + 1_800_000 },
      items: [item("gaiwan", 680, 80), item("fair-cup", 260, 120)],
    },
  );
  await staff.post(`/api/v1/staff/sessions/${tomorrow.sessionId}/schedule`, {
    version: tomorrow.version,
  });
  const opensAtMs = eveningMs + DAY_MS;
  await staff.post("/api/v1/staff/sessions", {
    ...{
      title: "周末伞杯场",
      note: "等新到的 200 件",
      opensAtMs,
      closesAtMs: opensAtMs + 1_800_000,
    },
    items: [item("mountain-umbrella", 900, 100)],
  });
}

async function sellOut(origin: string, saleId: string, units: number): Promise<void> {
  const { epoch } = await new Client(origin).get<{ epoch: number }>(`/api/v1/sales/${saleId}`);
  const buyers = Array.from({ length: units }, (_, at) => memberName(at + 20));
  await inChunks(buyers, async (memberId) => {
    const member = await new Client(origin).login(memberId, "member");
    const orderId = `seed-${memberId}-annual-card`;
    await member.post(`/api/v1/sales/${saleId}/redemptions`, { orderId, quantity: 1, epoch });
  });
}

async function inChunks<T>(
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  for (let at = 0; at < items.length; at += AT_ONCE) {
    await Promise.all(items.slice(at, at + AT_ONCE).map(work));
  }
}
