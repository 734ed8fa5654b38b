/**
 * What is wrong with a field, for people. Schemas and rules say it where no language is known: ours in English, the library's in
 * terms of types. A text that nobody has another word for stays as it is: codes such as `too_short` are words of the page that
 * shows them.
 */
import type { Locale } from "../../pages/page-data.ts";

const SENTENCES: ReadonlyMap<string, string> = new Map([
  // Rules, validity, caps
  ["points lapse the moment they are earned", "积分一到账就会过期"],
  ["points lapse before they are active", "积分还没生效就会过期"],
  ["points lapse while they can be earned", "活动还没结束，积分就会过期"],
  ["a rule with a fixed expiry must end before it", "积分固定日期过期的规则，要在那之前结束"],
  ["a programme goes on; its points need a period", "通用有效期要用时长，不能是固定日期"],
  ["a programme keeps its zone", "时区定下后不能更改"],
  ["ends before it starts", "结束时间早于开始时间"],
  ["is over before the rule starts", "规则开始前它就结束了"],
  ["begins after the rule has ended", "规则结束后它才开始"],
  ["a window of no length", "开始和结束是同一时刻"],
  ["only orders carry an amount", "只有订单才有金额"],
  ["only a benefit per amount counts lines", "只有按金额给分时才能限定商品"],
  ["less than one award", "上限低于给一次的积分"],
  ["limits nothing", "没有限制任何东西"],
  ["limited twice", "同一周期限制了两次"],
  ["an order is counted once", "每单本来就只算一次"],
  ["below the minimum", "低于下限"],
  ["before the first", "小于起始的单数"],
  ["contradicts another condition", "与另一个条件矛盾"],
  ["no event of this rule has an order", "这条规则的事件里没有订单"],
  ["no event of this rule has a name", "这条规则的事件没有名称"],
  ["named twice", "重复了"],
  ["is there twice", "重复了"],
  // Check-in, tasks, invites, tiers, reminders, codes
  ["longer than the cycle", "超过了一个周期的天数"],
  ["not ascending", "天数要从小到大"],
  ["nothing is ever paid", "永远不会给积分"],
  ["a daily task has the period of a day", "每日任务的周期只能是天"],
  ["a newcomer's task needs its days", "新人任务要写明几天内有效"],
  ["one is a newcomer once", "新人只有一次，周期要选终身"],
  ["a redemption is paid in points", "兑换用积分支付，没有消费金额"],
  ["a registration has no amount", "注册没有消费金额"],
  ["nothing stops people who invite themselves", "没有任何一项防自己邀请自己"],
  ["the first tier is everybody's", "第一个等级人人都有，门槛为 0"],
  ["not above the tier before", "要高于前一个等级"],
  ["a tier that never ends has no grace", "永久有效的等级没有宽限期"],
  ["a tier that never ends is never looked at", "永久有效的等级不会再评定"],
  ["a tier that never ends never looks at a window", "永久有效的等级不看统计窗口"],
  ["not after the step before", "天数要从大到小"],
  ["quiet all day", "全天都免打扰，就发不出提醒了"],
  ["over the uses of the code", "超过了这个码的总次数"],
  ["no tier of this programme", "没有这个等级"],
  // Money and points by hand
  ["a point would be worth more than ¥100", "一个积分会值 100 元以上"],
  ["below pointsMin", "低于最少使用的积分"],
  ["below the least", "低于最小值"],
  ["below what may come in at once", "低于单次可充的上限"],
  ["outside what may come in at once", "超出单次可充的范围"],
  ["below what one person may move at once", "低于一个人单次可调整的数"],
  ["a deduction does not expire", "扣减没有有效期"],
  ["a grant cannot overdraw", "发放不会透支"],
  ["a price cannot ask for category", "价格条件里不能用类目"],
  ["moves nothing", "没有任何变动"],
  ["means something else in the ledger", "账本里这个编号已用于别的事"],
  ["more than is left", "超过了剩余的金额"],
  ["too long ago", "时间太久了"],
  ["is out of range", "超出范围"],
  ["the member would own too many points", "会员的积分会超过上限"],
  ["must be before expiresAtMs", "要早于到期时间"],
  ["in the future", "在未来"],
  ["lies in the future", "在未来"],
  ["lies in the past", "已经过去"],
  ["has passed", "已经过去"],
  ["says nothing", "什么也没写"],
  // Events
  ["a custom event has a name", "自定义事件要有名称"],
  ["only a custom event has a name", "只有自定义事件才有名称"],
  ["no day of this month", "这个月没有这一天"],
  ["there is no such day", "没有这一天"],
  ["mistyped", "输入有误，请核对"],
  // People and addresses
  ["a mobile number", "请填写手机号"],
  ["a mobile number of 11 digits", "请填写 11 位手机号"],
  [
    "a mobile number of 11 digits, or a landline with area code",
    "请填写 11 位手机号，或带区号的座机",
  ],
  ["a name has 1 to 25 signs", "姓名 1 到 25 个字"],
  ["street and number have 4 to 100 signs", "详细地址 4 到 100 个字"],
  ["no district has this code", "没有这个地区"],
  ["a province, city or district", "请选择省、市或区"],
  ["six digits", "请填写 6 位数字"],
  ["not the code that was sent, or it has lapsed", "验证码不对，或已过期"],
  ["the id of a member", "请填写会员编号"],
  ["1–64 characters of [0-9A-Za-z_.@-]", "1–64 位，只能用数字、字母和 _ . @ -"],
  ["not blanks alone", "不能只有空格"],
  ["rehearsals have such names", "rehearsal- 开头的编号留给演练"],
  // Goods, sales, orders
  ["16–40 characters of [0-9A-Za-z_-]", "16–40 位，只能用数字、字母和 _ -"],
  ["a standing sale issues no tickets; redeem at once", "常规兑换不发门票，请直接兑换"],
  ["one order cannot have more than the sale's units", "每单数量不能超过这一场的库存"],
  ["price times quantityMax is out of range", "单价乘以每单最多件数超出范围"],
  ["closes after it opens", "结束要晚于开始"],
  ["after it is published", "要晚于发布时间"],
  ["names who sends drop-shipped goods", "一件代发要写明供应商"],
  ["a variant stands twice", "规格重复了"],
  ["an id stands twice", "编号重复了"],
  ["a name stands twice on one level", "同一级里名称重复了"],
  ["no such category", "没有这个类目"],
  ["the ids of goods and store are too long together", "商品编号和门店编号合起来太长"],
  ["no carrier of the list", "请选择列表里的快递公司"],
  ["8 to 30 letters and digits", "8 到 30 位字母和数字"],
  ["letters and digits", "只能是字母和数字"],
  ["a quote is not closed", "引号没有成对"],
  ["no code in it", "里面没有卡密"],
  ["each span takes at least one slot", "每段营业时间至少能放下一个时段"],
  ["spans do not overlap", "营业时间不能重叠"],
  ["a refusal needs a reason", "拒绝要写明原因"],
  ["say why, in a word or two", "请写明原因"],
  ["no whole PNG, JPEG or WebP picture", "不是完整的 PNG、JPEG 或 WebP 图片"],
  // Settings
  ["32 characters or more", "至少 32 个字符"],
  ["an Ed25519 key as PEM", "请填写 PEM 格式的 Ed25519 公钥"],
  ["another host than the provider's", "不是支付机构的地址"],
  ["is no such key", "不是有效的密钥"],
  [
    "either the platform's public key with its id, or its certificates",
    "平台公钥（连同编号）或平台证书，二选一",
  ],
  ["a merchant number of WeChat Pay", "请填写微信支付商户号"],
  ["an app id of WeChat", "请填写微信的 AppID"],
  ["an app id of Alipay", "请填写支付宝的 AppID"],
  ["an APIv3 key has 32 characters", "APIv3 密钥是 32 个字符"],
  ["a serial in hex", "请填写十六进制的证书序列号"],
  ["wx and 16 hex digits", "wx 加 16 位十六进制字符"],
  ["https://, a host with a public name", "https:// 开头，公网域名，不能是 IP 或内网地址"],
  ["https://host, without a path", "https://域名，不带路径"],
  ["a path of this mall, or an https address", "本商城的路径，或 https 地址"],
  ["a path on this origin", "请填写本站的路径"],
  ["the path of a picture on this origin", "请填写本站图片的路径"],
  ["the name of a stored picture", "请填写已上传图片的名称"],
  ["an address of this mall", "请填写本商城的地址"],
  ["a picture of this shop", "请选择本店的图片"],
  ["each reason once", "原因重复了"],
  ["#rrggbb in lower case", "写成小写的 #rrggbb"],
  ["each block has an id of its own", "每个模块要有自己的编号"],
  ["lower-case letters, digits and inner hyphens", "小写字母、数字和中间的连字符"],
  [
    "lower-case letters, digits and inner hyphens, 32 at most",
    "小写字母、数字和中间的连字符，最多 32 位",
  ],
  ["printable ASCII without spaces", "不含空格的英文字符"],
  // Requests
  ["1–32 of a–z, 0–9 and -", "1–32 位，只能用小写字母、数字和中间的连字符"],
  ["1–12 lower-case letters and digits", "1–12 位，只能用小写字母和数字"],
  ["a whole number", "请填写整数"],
  ["whole minutes", "请填写整分钟"],
  ["counts from 1", "从 1 开始"],
  ["reads YYYY-MM-DD", "格式为 YYYY-MM-DD"],
  ["is no day of the calendar", "没有这一天"],
  ["a cursor as an answer gave it", "翻页位置不对"],
  ["not a cursor of this list", "翻页位置不对"],
  ["not a cursor of this audit", "翻页位置不对"],
  ["not taken", "不接受"],
  ["the body is not JSON", "请求体不是 JSON"],
  ["a body is sent without content-encoding", "请求体不能压缩，不要带 content-encoding"],
  ["has characters that no text has", "含有不能保存的字符"],
  ["no address has this host", "主机名不对"],
  ["Invalid input", "内容不对"],
]);

const TYPES: ReadonlyMap<string, string> = new Map([
  ["number", "数字"],
  ["int", "整数"],
  ["string", "文字"],
  ["boolean", "是或否"],
  ["array", "列表"],
  ["object", "对象"],
  ["record", "对象"],
]);
const typeOf = (word: string): string => TYPES.get(word) ?? word;
const PERIODS: ReadonlyMap<string, string> = new Map([
  ...([
    ["order", "每单"],
    ["day", "每天"],
    ["week", "每周"],
    ["month", "每月"],
  ] as const),
  ...([
    ["quarter", "每季"],
    ["half_year", "每半年"],
    ["year", "每年"],
    ["ever", "终身"],
  ] as const),
]);
const UNITS: ReadonlyMap<string, string> = new Map([
  ["days", "天"],
  ["months", "个月"],
  ["years", "年"],
]);
const periodOf = (word: string): string => PERIODS.get(word) ?? word;
const atMost = (sign: string): string => (sign === "<" ? "要小于" : "最大");
const atLeast = (sign: string): string => (sign === ">" ? "要大于" : "最小");

type Say = (...parts: string[]) => string;
/** Sentences with figures: those of the schemas, then ours. */
const PATTERNS: readonly (readonly [RegExp, Say])[] = [
  [/^Invalid input: expected (\w+), received (?:undefined|null)$/, () => "必填"],
  [/^Invalid input: expected (\w+), received /, (type) => `应为${typeOf(type ?? "")}`],
  [/^Invalid input: expected (.+)$/, (value) => `只能是 ${value}`],
  [
    /^Invalid (?:option: expected one of|discriminator value. Expected) (.+)$/,
    (list) => `请选择其中一项：${list}`,
  ],
  [
    /^Too big: expected (?:string|array|set|map) to have <=?(\d+) (characters|items)/,
    (most, what) => `最多 ${most} ${what === "items" ? "项" : "个字符"}`,
  ],
  [
    /^Too small: expected (?:string|array|set|map) to have >=?(\d+) (characters|items)/,
    (least, what) =>
      least === "1" ? "必填" : `至少 ${least} ${what === "items" ? "项" : "个字符"}`,
  ],
  [/^Too big: expected \w+ to be (<=?)(.+)$/, (sign, most) => `${atMost(sign ?? "")} ${most}`],
  [/^Too small: expected \w+ to be (>=?)(.+)$/, (sign, least) => `${atLeast(sign ?? "")} ${least}`],
  [/^Invalid string: must match pattern (.+)$/, (pattern) => `格式不对，应符合 ${pattern}`],
  [
    /^Invalid (email address|URL)$/,
    (what) => (what === "URL" ? "不是有效的网址" : "不是有效的邮箱"),
  ],
  [/^Unrecognized keys?: (.+)$/, (keys) => `没有这个字段：${keys}`],
  [
    /^over (\d+) (days|months|years)$/,
    (most, unit) => `最长 ${most} ${UNITS.get(unit ?? "") ?? ""}`,
  ],
  [/^over (\d+) points a yuan$/, (most) => `每元最多 ${most} 分`],
  [/^over (\d+) a yuan$/, (most) => `每元最多 ${most}`],
  [/^over that of (\w+)$/, (period) => `超过了${periodOf(period ?? "")}的上限`],
  [/^over the wallet's cap of a (\w+)$/, (period) => `超过了会员${periodOf(period ?? "")}的总上限`],
  [/^the programme's is (\d+)$/, (offsetMs) => `通用的是 ${offsetMs}`],
  [/^the programme's text is over (\d+) bytes$/, (most) => `全部规则合起来最多 ${most} 字节`],
  [/^more than (\d+) are published$/, (most) => `最多发布 ${most} 条`],
  [
    /^with the published rule ([a-z0-9-]+): (.+)$/,
    (ruleId, why) => `与已发布的规则 ${ruleId} 不合：${inChinese(why ?? "")}`,
  ],
  [/^it happens (\d+) times in the period at most$/, (most) => `一个周期里最多发生 ${most} 次`],
  [/^one order may have (\d+) at most$/, (most) => `每单最多 ${most} 件`],
  [/^content-type must be (?:one of )?(.+)$/, (types) => `content-type 应为 ${types}`],
  [/^no brand (\S+)$/, (brandId) => `没有品牌 ${brandId}`],
  [/^(\S+) belongs to other goods$/, (skuId) => `${skuId} 属于别的商品`],
  [/^(\S+) is no variant of these goods$/, (skuId) => `${skuId} 不是这个商品的规格`],
  [/^(\S+) is not stored$/, (name) => `${name} 没有上传`],
  [/^at most (\d+) shelves in all stores$/, (most) => `所有门店加起来最多 ${most} 个货架`],
  [/^an? (\w+) has no lines$/, (kind) => `${kind} 事件没有商品行`],
  [/^a body has (\d+) bytes at most$/, (most) => `内容最多 ${most} 字节`],
  [/^at most (\d+) slots are offered at once$/, (most) => `一次最多开放 ${most} 个时段`],
  [/^(\d+) codes at most$/, (most) => `最多 ${most} 个卡密`],
  [/^(\d+) signs at most$/, (most) => `最多 ${most} 个字`],
  [/^(\d+) levels at most$/, (most) => `最多 ${most} 级`],
  [
    /^(\d+ × \d+): at most (\d+) pixels a side$/,
    (size, most) => `图片 ${size}，每边最多 ${most} 像素`,
  ],
];

const ENGLISH_TYPES: ReadonlyMap<string, string> = new Map([
  ["number", "a number"],
  ["int", "a whole number"],
  ["string", "text"],
  ["boolean", "true or false"],
  ["array", "a list"],
]);

/** The library's sentences. Ours are English as they stand. */
const ENGLISH: readonly (readonly [RegExp, Say])[] = [
  [/^Invalid input: expected \w+, received (?:undefined|null)$/, () => "required"],
  [
    /^Invalid input: expected (\w+), received /,
    (type = "") => `must be ${ENGLISH_TYPES.get(type) ?? type}`,
  ],
  [/^Invalid input: expected (.+)$/, (value) => `must be ${value}`],
  [
    /^Invalid (?:option: expected one of|discriminator value. Expected) (.+)$/,
    (list) => `must be one of ${list}`,
  ],
  [
    /^Too big: expected (?:string|array|set|map) to have <=?(\d+) (characters|items)/,
    (most, what) => `${most} ${what} at most`,
  ],
  [
    /^Too small: expected (?:string|array|set|map) to have >=?(\d+) (characters|items)/,
    (least, what) => (least === "1" ? "required" : `at least ${least} ${what}`),
  ],
  [
    /^Too big: expected \w+ to be (<=?)(.+)$/,
    (sign, most) => (sign === "<" ? `must be less than ${most}` : `${most} at most`),
  ],
  [
    /^Too small: expected \w+ to be (>=?)(.+)$/,
    (sign, least) => (sign === ">" ? `must be more than ${least}` : `at least ${least}`),
  ],
  [/^Invalid string: must match pattern (.+)$/, (pattern) => `must look like ${pattern}`],
  [
    /^Invalid (email address|URL)$/,
    (what) => (what === "URL" ? "no address" : "no e-mail address"),
  ],
  [/^Unrecognized keys?: (.+)$/, (keys) => `there is no such field: ${keys}`],
];

function saidBy(patterns: typeof PATTERNS, message: string): string {
  for (const [pattern, say] of patterns) {
    const found = pattern.exec(message);
    if (found) return say(...found.slice(1));
  }
  return message;
}

/** The sentence in Chinese, or as it is where nobody translated it. */
export const inChinese = (message: string): string =>
  SENTENCES.get(message) ?? saidBy(PATTERNS, message);

/** The sentence without the words of a type system. */
export const inEnglish = (message: string): string => saidBy(ENGLISH, message);

interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** The figures of a refusal with what is wrong in each field, in the language of the answer. */
export function figuresIn<F extends object>(locale: Locale, figures: F): F {
  const { errors } = figures as { readonly errors?: unknown };
  if (!Array.isArray(errors)) return figures;
  const say = locale === "en" ? inEnglish : inChinese;
  const said = (errors as FieldError[]).map((error) => ({ ...error, message: say(error.message) }));
  return { ...figures, errors: said };
}
