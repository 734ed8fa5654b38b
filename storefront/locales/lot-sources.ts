import type { EventKind } from "../../worker/earning/rules/index.ts";

/** What a lot was earned by; an entry of the ledger notes it by the same code. */
type EarnedNames = Readonly<Record<EventKind, string>>;
/** What made a lot; `unknown` where its Account does not say. */
type LotSource = EventKind | "manual" | "opening" | "campaign" | "refund_grace" | "unknown";
type Names = Readonly<Record<LotSource, string>>;

export const EARNED_ZH_CN: EarnedNames = {
  order: "消费得分",
  write_off: "到店核销",
  registration: "注册有礼",
  check_in: "签到",
  task: "任务奖励",
  invite: "邀请奖励",
  till_code: "小票码",
  birthday: "生日礼",
  review: "评价奖励",
  custom: "活动奖励",
};

const ZH_CN: Names = {
  ...EARNED_ZH_CN,
  manual: "积分发放",
  opening: "期初余额",
  campaign: "活动赠送",
  refund_grace: "退回宽限",
  unknown: "其他批次",
};

export const EARNED_EN: EarnedNames = {
  order: "Purchase",
  write_off: "Used in store",
  registration: "Welcome",
  check_in: "Check-in",
  task: "Task",
  invite: "Invite",
  till_code: "Receipt code",
  birthday: "Birthday",
  review: "Review",
  custom: "Campaign",
};

const EN: Names = {
  ...EARNED_EN,
  manual: "Granted",
  opening: "Opening balance",
  campaign: "Gift",
  refund_grace: "Grace after a return",
  unknown: "Another lot",
};

/** For the pages of points and of orders alike. */
const namedBy =
  (names: Names) =>
  (source: string): string =>
    names[source as LotSource] ?? names.unknown;

export const lotSourceZhCN = namedBy(ZH_CN);
export const lotSourceEn = namedBy(EN);
