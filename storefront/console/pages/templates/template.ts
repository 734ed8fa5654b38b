/** A shop to begin with: its look, its home page, and what it gives and earns. All of it can be changed afterwards. */
import type { GoodsKind } from "../../../../worker/kernel/goods-kind.ts";
import type { Look, PageBody } from "../../../../worker/page-builder/wire.ts";
import { bilingual, type Bilingual, type Locale } from "../../kit/words.ts";

export interface TemplateGoods {
  readonly skuId: string;
  readonly kind: GoodsKind;
  readonly title: string;
  readonly subtitle: string;
  readonly category: string;
  readonly picture: string;
  readonly groundColor: string;
  readonly pricePoints: number;
  readonly priceFen?: number;
  readonly marketPriceFen: number;
  readonly units: number;
  /** Of a voucher: how often it is used, and for how long. Absent: once, within 30 days. */
  readonly voucher?: { readonly usesPerUnit: number; readonly validDays: number };
}

/** What a new member does once, and gets points for. */
export interface TemplateTask {
  readonly taskId: string;
  readonly title: string;
  readonly detail: string;
  readonly on: "order" | "check_in";
  readonly points: number;
}

export interface Template {
  readonly id: "tea" | "retail" | "restaurant" | "finance";
  readonly look: Omit<Look, "name">;
  readonly home: PageBody;
  readonly categories: readonly { readonly id: string; readonly title: string }[];
  readonly goods: readonly TemplateGoods[];
  /** Points per 100 fen spent. */
  readonly pointsPerYuan: number;
  readonly checkInPoints: number;
  readonly tasks: readonly TemplateTask[];
  /** Points for both when a friend buys for the first time. */
  readonly invite: { readonly inviterPoints: number; readonly inviteePoints: number };
  readonly tiers: readonly (readonly [id: string, title: string, growthMin: number])[];
  /** The first flash sale: which goods, how many, for how much. */
  readonly sale: { readonly skuId: string; readonly units: number; readonly pricePoints: number };
  /** What the rule for spending is called. */
  readonly spendTitle: string;
  /** Behind the shop's name: what its first sale is called. */
  readonly saleTitle: string;
}

/** A text of a template; it is read in the language of whoever opens the shop. */
export const say: (chinese: string, english: string) => Bilingual<string> = bilingual;

type InBoth<T> = T extends string
  ? T | Bilingual<string>
  : T extends object
    ? { readonly [Key in keyof T]: InBoth<T[Key]> }
    : T;

/** What is called the same in every trade. */
const SHARED = {
  spendTitle: say("消费得分", "Points for spending"),
  saleTitle: say("首场", "first sale"),
};

/** A template with its texts in both languages. */
export type Told = InBoth<Omit<Template, keyof typeof SHARED>>;

const isText = (value: object): value is Bilingual<string> => "zh-CN" in value;

function readIn(locale: Locale, told: unknown): unknown {
  if (typeof told !== "object" || told === null) return told;
  if (isText(told)) return told[locale];
  if (Array.isArray(told)) return told.map((one) => readIn(locale, one));
  const read = Object.entries(told).map(([name, one]) => [name, readIn(locale, one)]);
  return Object.fromEntries(read);
}

export const templateIn = (locale: Locale, told: Told): Template =>
  readIn(locale, { ...SHARED, ...told }) as Template;

/** A picture of those that come with the product, on its ground. */
export const drawn = (
  name: string,
  groundColor: string,
): { picture: string; groundColor: string } => ({ picture: `/goods/${name}.svg`, groundColor });

export const goodsOf = (
  category: string,
  kind: GoodsKind,
  ...goods: readonly (readonly [
    skuId: string,
    title: Bilingual<string>,
    subtitle: Bilingual<string>,
    picture: readonly [string, string],
    pricePoints: number,
    marketPriceFen: number,
    units: number,
    voucher?: TemplateGoods["voucher"],
  ])[]
): InBoth<TemplateGoods>[] =>
  goods.map(([skuId, title, subtitle, picture, pricePoints, marketPriceFen, units, voucher]) => ({
    ...{ skuId, kind, title, subtitle, category, ...drawn(...picture) },
    ...{ pricePoints, marketPriceFen, units },
    ...(voucher ? { voucher } : {}),
  }));

export const RULES_TEXT = say(
  `## 兑换规则
- 积分按「先到期先使用」扣减
- 秒杀先预约再开抢，没抢到积分退回原来的批次
- 实物在发货前、到店服务在使用前可以取消，积分退回原批次，到期日不变
## 积分有效期
积分自获得起 12 个月内有效，到期前会提醒你。`,
  `## How redeeming works
- Points that expire first are spent first
- A flash sale is joined first and opens later; who gets nothing has the points back, expiry and all
- Goods can be cancelled until they are shipped, services until they are used; points come back with their own expiry
## How long points live
Points are valid for 12 months after they are earned; you are reminded before they expire.`,
);
