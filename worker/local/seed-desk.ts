/** The demo's members at their phones and the clerk who serves them, one act a method. Through the API. */
import type { Client } from "./seed-client.ts";
import { nameAt } from "./seed-members.ts";

/** At whose door a parcel ends: phone, district, street, by the number of the member. */
const DOORS: Readonly<Record<number, readonly [string, string, string]>> = {
  4: ["13950012804", "350206", "莲前西路 209 号 7 栋 602"],
  6: ["13859920116", "350102", "东街 33 号 1502 室"],
  8: ["15060710428", "330106", "文三路 478 号 A 座 901"],
  9: ["18659230915", "350205", "沧林路 118 号 3 单元 402"],
  11: ["13600950227", "440106", "体育东路 140 号 2106 房"],
  12: ["15880240633", "350583", "溪美街道 柳湖路 8 号"],
  13: ["13720883051", "310106", "愚园路 668 弄 12 号 301"],
  14: ["18850150719", "350211", "集源路 56 号 1103 室"],
  16: ["13960887420", "320102", "长江路 101 号 4 幢 803"],
  18: ["15959211346", "420111", "珞喻路 1037 号 西一区 21 栋"],
  19: ["18059880262", "510107", "浆洗街 30 号 9 楼"],
};

export interface Wish {
  /** The number of the member. */
  readonly at: number;
  readonly goodsId: string;
  readonly quantity?: number;
}

export interface Ordered {
  readonly member: Client;
  readonly memberId: string;
  readonly orderId: string;
}

export interface Request {
  readonly kind: "refund" | "return" | "exchange";
  readonly quantity: number;
  readonly reason: string;
  readonly note: string;
  readonly evidence?: readonly string[];
}

export class Desk {
  readonly staff: Client;
  readonly #memberAt: (at: number) => Promise<Client>;

  constructor(staff: Client, memberAt: (at: number) => Promise<Client>) {
    this.staff = staff;
    this.#memberAt = memberAt;
  }

  memberAt(at: number): Promise<Client> {
    return this.#memberAt(at);
  }

  async orders({ at, goodsId, quantity = 1 }: Wish): Promise<Ordered> {
    const member = await this.#memberAt(at);
    const { skus } = await member.get<{ skus: { saleId: string; epoch: number }[] }>(
      `/api/v1/goods/${goodsId}/live`,
    );
    const { saleId = "", epoch = 0 } = skus[0] ?? {};
    const memberId = `tea-${String(at).padStart(3, "0")}`;
    const orderId = `${memberId}-seed-${goodsId}`;
    const body = { orderId, quantity, epoch };
    await member.post(`/api/v1/sales/${encodeURIComponent(saleId)}/redemptions`, body);
    return { member, memberId, orderId };
  }

  async ordersToTheDoor(wish: Wish): Promise<Ordered> {
    const order = await this.orders(wish);
    const [phone, regionCode, detail] = DOORS[wish.at] ?? [];
    const addressId = `seed-address-${order.memberId}`;
    const address = { name: nameAt(wish.at - 1), phone, regionCode, detail, isDefault: true };
    await order.member.put(`/api/v1/me/addresses/${addressId}`, address);
    await order.member.put(`/api/v1/orders/${order.orderId}/address`, { addressId });
    return order;
  }

  async isSent(wish: Wish): Promise<Ordered> {
    const order = await this.ordersToTheDoor(wish);
    await this.staff.post(`/api/v1/staff/orders/${order.memberId}/${order.orderId}/shipments`, {
      ...{ shipmentId: `seed-parcel-${order.memberId}`, quantity: null },
      ...{ carrier: "shunfeng", trackingNo: `SF13800${String(41_500 + wish.at)}` },
    });
    return order;
  }

  async isReceived(wish: Wish): Promise<Ordered> {
    const order = await this.isSent(wish);
    await order.member.post(`/api/v1/orders/${order.orderId}/receive`);
    return order;
  }

  /** Answers the id of the case. */
  async asksFor({ member, memberId, orderId }: Ordered, request: Request): Promise<string> {
    const caseId = `seed-case-${memberId}`;
    const body = { caseId, evidence: [], ...request };
    await member.post(`/api/v1/orders/${orderId}/after-sales`, body);
    return caseId;
  }
}
