/** What a working day leaves on the merchant's desk: parcels to send, cases, words to read, codes that run low, guests. */
import type { Desk, Request, Wish } from "./seed-desk.ts";
import { dentedTin } from "./seed-photo.ts";

const STORE_ID = "jetty";

export async function seedAffairs(desk: Desk): Promise<void> {
  // Whoever has not said where to is not the newest in the list.
  await desk.orders({ at: 17, goodsId: "clay-tea-pet" });
  await Promise.all([
    seedParcels(desk),
    seedCases(desk),
    seedWords(desk),
    seedCodes(desk),
    seedTopUp(desk),
    seedGuests(desk),
  ]);
}

/** Of several units and of one. What its supplier sends is in the demo already. */
async function seedParcels(desk: Desk): Promise<void> {
  await desk.ordersToTheDoor({ at: 4, goodsId: "osmanthus-teabag", quantity: 3 });
  await desk.ordersToTheDoor({ at: 13, goodsId: "tea-notebook" });
  await desk.ordersToTheDoor({ at: 14, goodsId: "jasmine-tin", quantity: 2 });
  await desk.ordersToTheDoor({ at: 16, goodsId: "fair-cup" });
}

/** One in each state that waits for somebody. */
async function seedCases(desk: Desk): Promise<void> {
  await Promise.all([dented(desk), tooFew(desk), unwanted(desk), notAsShown(desk), wrongOne(desk)]);
}

/** Just asked for, with a picture. */
async function dented(desk: Desk): Promise<void> {
  const order = await desk.isReceived({ at: 6, goodsId: "white-tea-tin" });
  const path = `/api/v1/orders/${order.orderId}/evidence`;
  const { name } = await order.member.file<{ name: string }>(path, dentedTin(), "image/png");
  await desk.asksFor(order, {
    ...{ kind: "return", quantity: 1, reason: "商品破损或有瑕疵" },
    ...{ note: "打开箱子罐身就是凹的，封口也裂了，茶叶受潮了。", evidence: [name] },
  });
}

/** Part of an order. */
async function tooFew(desk: Desk): Promise<void> {
  const order = await desk.isReceived({ at: 18, goodsId: "osmanthus-teabag", quantity: 3 });
  await desk.asksFor(order, {
    ...{ kind: "refund", quantity: 1, reason: "少发、错发" },
    note: "兑了三盒，箱子里只有两盒。",
  });
}

/** Agreed to: the parcel has not been handed in yet. */
async function unwanted(desk: Desk): Promise<void> {
  const order = await desk.isReceived({ at: 8, goodsId: "canvas-tote" });
  const request = { kind: "return", quantity: 1, reason: "不想要了", note: "" } as const;
  const caseId = await desk.asksFor(order, request);
  const at = `${order.memberId}/${order.orderId}/${caseId}`;
  const note = "可以退，请保持吊牌完好，寄回后写上单号。";
  await desk.staff.post(`/api/v1/staff/after-sales/${at}/agree`, { note });
}

async function notAsShown(desk: Desk): Promise<void> {
  const wish = { at: 9, goodsId: "coaster-set", quantity: 2 };
  await sentBack(desk, wish, {
    ...{ kind: "return", quantity: 2, reason: "与描述不符" },
    note: "颜色比图上深很多。",
  });
}

async function wrongOne(desk: Desk): Promise<void> {
  await sentBack(
    desk,
    { at: 11, goodsId: "enamel-mug" },
    {
      ...{ kind: "exchange", quantity: 1, reason: "少发、错发" },
      note: "兑的是云白，收到山绿，想换回来。",
    },
  );
}

/** Waits for the merchant to receive it. */
async function sentBack(desk: Desk, wish: Wish, request: Request): Promise<void> {
  const order = await desk.isReceived(wish);
  const caseId = await desk.asksFor(order, request);
  const { member, memberId, orderId } = order;
  await desk.staff.post(`/api/v1/staff/after-sales/${memberId}/${orderId}/${caseId}/agree`, {
    note: "麻烦寄回厦门市思明区滨海路 12 号，运费我们承担。",
  });
  const trackingNo = `YT88012${String(60_300 + wish.at)}`;
  await member.post(`/api/v1/orders/${orderId}/after-sales/${caseId}/send-back`, { trackingNo });
}

/** Words that nobody has read yet. */
async function seedWords(desk: Desk): Promise<void> {
  const said = [
    [12, "white-tea-tin", 5, "茶汤清甜，罐子很有质感，送长辈正合适。"],
    [19, "coaster-set", 4, "吸水很快，就是颜色比图上深一点。"],
  ] as const;
  for (const [at, goodsId, stars, comment] of said) {
    const { member, orderId } = await desk.isReceived({ at, goodsId });
    await member.post(`/api/v1/orders/${orderId}/rating`, { stars, comment });
  }
}

/** As many as it takes to get below the mark at which more are to be imported. */
async function seedCodes(desk: Desk): Promise<void> {
  for (const at of [4, 7, 10, 15, 21]) await desk.orders({ at, goodsId: "listening-card" });
}

/** To a number that is nobody's: the supplier says so some seconds later, and everything goes back. */
async function seedTopUp(desk: Desk): Promise<void> {
  const { member, orderId } = await desk.orders({ at: 17, goodsId: "phone-credit" });
  await member.put(`/api/v1/orders/${orderId}/account`, { account: "13600000000" });
}

/** Whoever got a yearly card in the sale: some have booked for today while slots are left, one has been here already. */
async function seedGuests(desk: Desk): Promise<void> {
  await desk.staff.put(`/api/v1/staff/booking-plans/${STORE_ID}?skuId=`, {
    ...{ weekdays: [1, 2, 3, 4, 5, 6, 7], hours: [{ fromMinute: 480, untilMinute: 1_380 }] },
    ...{ slotMinutes: 30, capacity: 4, closedDays: [], aheadDays: 13 },
    ...{ leadMinutes: 10, moveHours: 1, moves: 2 },
  });
  await Promise.all([20, 21, 22].map((at) => books(desk, at)));
  const { codes } = await voucherOf(desk, 23);
  await desk.staff.post("/api/v1/staff/write-offs", {
    ...{ writeOffId: "seed-write-off-tea-023", storeId: STORE_ID, uses: 1 },
    code: codes[0]?.code,
  });
}

interface Shown {
  readonly codes: readonly { readonly code: string }[];
}

const voucherPath = (at: number): string =>
  `/api/v1/me/vouchers/seed-tea-${String(at).padStart(3, "0")}-annual-card-001`;

/** A voucher comes into being when somebody first looks at it. */
async function voucherOf(desk: Desk, at: number): Promise<Shown> {
  return (await desk.memberAt(at)).get<Shown>(`${voucherPath(at)}/codes`);
}

async function books(desk: Desk, at: number): Promise<void> {
  await voucherOf(desk, at);
  const member = await desk.memberAt(at);
  const { offer } = await member.get<{ offer: { slots: { fromMs: number }[] } | null }>(
    `${voucherPath(at)}/slots?storeId=${STORE_ID}`,
  );
  const slot = offer?.slots[at % 4];
  if (slot)
    await member.put(`${voucherPath(at)}/booking`, { storeId: STORE_ID, atMs: slot.fromMs });
}
