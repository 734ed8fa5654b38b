import { bilingual } from "../kit/words.ts";

/** Make-up cards, bought memberships, and where a member stands. */
export const BENEFITS = bilingual(
  {
    standing: "等级与签到",
    cards: "发补签卡",
    cardsWhy: "一张补签卡补一天错过的签到，补回连续天数；是否补发积分由签到规则定。",
    direction: "方向",
    give: "发放",
    take: "收回",
    takeHelp: "最多收到一张不剩，不会成为负数。",
    cardsCount: "张数",
    cardUnit: "张",
    cardsRange: (max: number) => `填 1 到 ${max} 的整数`,
    cardsAct: "确定",
    cardsDone: (isGiven: boolean, cards: number, members: number) =>
      `已${isGiven ? "发给" : "收回"} ${members} 位会员各 ${cards} 张补签卡`,
    membership: "开通付费会员",
    membershipWhy:
      "会员在门店或别处买了会员资格时，在这里开通。到期前等级不低于所选；成长值给的等级更高时，以更高的为准。钱不在这里收。开通后不能收回，请先核对会员号。",
    tier: "等级",
    tierNeeded: "请选一个等级",
    chooseTier: "请选择",
    length: "时长",
    lengthHelp: "从现在起算；同一等级还没到期的，接在到期日后面。",
    months: (n: number) => (n % 12 === 0 ? `${n / 12} 年` : `${n} 个月`),
    membershipAct: (length: string) => `开通 ${length}`,
    membershipDone: (tier: string, length: string, members: number) =>
      members === 1 ? `已开通 ${tier} ${length}` : `已为 ${members} 位会员开通 ${tier} ${length}`,
    to: (n: number) => `给 ${n} 位会员：`,
    source: { growth: "成长值", paid: "付费" },
    growth: "成长值",
    next: (missing: string, name: string) => `再得 ${missing} 升 ${name}`,
    paid: "付费会员",
    paidUntil: (name: string, day: string) => `${name}，到 ${day}`,
    notPaid: "没有开通",
    noTiers: "还没有设会员等级。",
    setTiers: "去设等级",
    checkIn: "签到",
    streak: (days: number, cards: number) => `连续 ${days} 天，有补签卡 ${cards} 张`,
    noCheckIn: "还没有设签到。",
    setCheckIn: "去设签到",
  },
  {
    standing: "Tier and check-in",
    cards: "Give make-up cards",
    cardsWhy:
      "A card makes up for one missed day and mends the streak; whether the day is paid is set in the check-in terms.",
    direction: "Direction",
    give: "Give",
    take: "Take back",
    takeHelp: "Down to none at the most, never below.",
    cardsCount: "Cards",
    cardUnit: "cards",
    cardsRange: (max) => `a whole number from 1 to ${max}`,
    cardsAct: "Confirm",
    cardsDone: (isGiven, cards, members) =>
      `${cards} cards ${isGiven ? "given to" : "taken from"} each of ${members} members`,
    membership: "Grant a paid membership",
    membershipWhy:
      "For somebody who bought a membership in a store or elsewhere. Until it ends their tier is at least the one chosen; where growth gives a higher one, that one counts. No money is taken here. It cannot be taken back: check the member first.",
    tier: "Tier",
    tierNeeded: "choose a tier",
    chooseTier: "Choose…",
    length: "For",
    lengthHelp: "From now on; where the same tier is still running, from the day it would end.",
    months: (n) =>
      n % 12 === 0
        ? n === 12
          ? "1 year"
          : `${n / 12} years`
        : n === 1
          ? "1 month"
          : `${n} months`,
    membershipAct: (length) => `Grant ${length}`,
    membershipDone: (tier, length, members) =>
      members === 1
        ? `${tier} granted for ${length}`
        : `${tier} granted to ${members} members for ${length}`,
    to: (n) => `To ${n} members:`,
    source: { growth: "by growth", paid: "paid" },
    growth: "Growth",
    next: (missing, name) => `${missing} more for ${name}`,
    paid: "Paid membership",
    paidUntil: (name, day) => `${name}, until ${day}`,
    notPaid: "none",
    noTiers: "There are no tiers yet.",
    setTiers: "Set up tiers",
    checkIn: "Check-in",
    streak: (days, cards) => `${days} days in a row, ${cards} make-up cards`,
    noCheckIn: "There is no check-in yet.",
    setCheckIn: "Set up check-in",
  },
);
