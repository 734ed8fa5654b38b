/** Whether an event meets a condition. Pure. */
import { civilOf, dayOf, minuteOfDay, weekdayOf } from "../../kernel/calendar.ts";
import { programmeDay } from "../../kernel/clock.ts";
import {
  REDEMPTION_CHANNEL,
  type Condition,
  type EarnEvent,
  type EventLine,
  type LineScope,
  type MemberFacts,
} from "./types.ts";

export interface Scene {
  readonly event: Pick<EarnEvent, "atMs" | "lines" | "name" | "storeId" | "channel">;
  readonly member: MemberFacts;
  readonly zoneOffsetMs: number;
}

export function amountOf(lines: readonly EventLine[]): number {
  let amountFen = 0;
  for (const line of lines) amountFen += line.amountFen;
  return amountFen;
}

function meetsAny(wanted: readonly string[], found: readonly string[]): boolean {
  return found.some((one) => wanted.includes(one));
}

function meetsOne(wanted: readonly string[], found: string | null): boolean {
  return found !== null && wanted.includes(found);
}

/** Whether a condition of the event, the member and the programme's clock holds. */
export function meets(condition: Condition, scene: Scene): boolean {
  const { event, member } = scene;
  switch (condition.kind) {
    case "all":
      return condition.of.every((one) => meets(one, scene));
    case "any":
      return condition.of.some((one) => meets(one, scene));
    case "not":
      return !meets(condition.of, scene);
    case "order_amount": {
      const amountFen = amountOf(event.lines);
      return (
        amountFen >= (condition.minFen ?? 0) &&
        amountFen <= (condition.maxFen ?? Number.POSITIVE_INFINITY)
      );
    }
    case "product":
      return event.lines.some((line) => condition.in.includes(line.productId));
    case "category":
      return event.lines.some((line) => meetsAny(condition.in, line.categoryIds));
    case "label":
      return event.lines.some((line) => meetsAny(condition.in, line.labels));
    case "store":
      return meetsOne(condition.in, event.storeId);
    case "channel":
      return meetsOne(condition.in, event.channel);
    case "custom_name":
      return meetsOne(condition.in, event.name);
    case "tier":
      return meetsOne(condition.in, member.tierId);
    case "segment":
      return meetsAny(condition.in, member.segments);
    case "member_label":
      return meetsAny(condition.in, member.labels);
    case "nth_order": {
      const nth = member.ordersBefore + 1;
      return nth >= condition.from && nth <= (condition.to ?? Number.POSITIVE_INFINITY);
    }
    default:
      return meetsClock(condition, scene);
  }
}

/** Whether a condition names redemptions of the mall; what does not never sees one. */
export function namesRedemptions(condition: Condition | null): boolean {
  if (!condition) return false;
  if (condition.kind === "all" || condition.kind === "any") {
    return condition.of.some(namesRedemptions);
  }
  return condition.kind === "channel" && condition.in.includes(REDEMPTION_CHANNEL);
}

/** Whether a condition asks for the member's birthday. */
export function namesBirthday(condition: Condition | null): boolean {
  if (!condition) return false;
  if (condition.kind === "all" || condition.kind === "any") return condition.of.some(namesBirthday);
  if (condition.kind === "not") return namesBirthday(condition.of);
  return condition.kind === "birthday" || condition.kind === "birthday_month";
}

/** Whether an event is shown to what has this condition at all. */
export function mayMeet(condition: Condition | null, { channel }: Pick<EarnEvent, "channel">) {
  return channel !== REDEMPTION_CHANNEL || namesRedemptions(condition);
}

type ClockCondition = Extract<
  Condition,
  {
    kind:
      | "day_of_week"
      | "day_of_month"
      | "time_of_day"
      | "date_window"
      | "birthday"
      | "birthday_month";
  }
>;

function meetsClock(condition: ClockCondition, scene: Scene): boolean {
  const { atMs } = scene.event;
  const day = programmeDay(atMs, scene.zoneOffsetMs);
  switch (condition.kind) {
    case "day_of_week":
      return condition.days.includes(weekdayOf(day));
    case "day_of_month":
      return condition.days.includes(civilOf(day).day);
    case "time_of_day": {
      const minute = minuteOfDay(atMs, scene.zoneOffsetMs);
      const { fromMinute, toMinute } = condition;
      // A window may go over midnight: 22:00 to 02:00.
      return fromMinute < toMinute
        ? minute >= fromMinute && minute < toMinute
        : minute >= fromMinute || minute < toMinute;
    }
    case "date_window":
      return atMs >= condition.fromMs && atMs < condition.toMs;
    case "birthday_month":
      return scene.member.birthday?.month === civilOf(day).month;
    case "birthday": {
      const { birthday } = scene.member;
      if (!birthday) return false;
      const { year } = civilOf(day);
      // Around New Year the birthday of another year is the near one.
      return [year - 1, year, year + 1].some((one) => {
        const on = birthdayOf(one, birthday);
        return day >= on - condition.daysBefore && day <= on + condition.daysAfter;
      });
    }
  }
}

/** Who was born on 29 February has the 28th in other years. */
function birthdayOf(year: number, { month, day }: { month: number; day: number }): number {
  const on = dayOf({ year, month, day });
  return civilOf(on).month === month ? on : on - 1;
}

/** The lines that a scope counts. */
export function linesIn(
  scope: LineScope | null,
  lines: readonly EventLine[],
): readonly EventLine[] {
  if (!scope) return lines;
  const named = [scope.productIds, scope.categoryIds, scope.labels].some((one) => one.length > 0);
  return lines.filter((line) => {
    const isNamed =
      !named ||
      scope.productIds.includes(line.productId) ||
      meetsAny(scope.categoryIds, line.categoryIds) ||
      meetsAny(scope.labels, line.labels);
    const isExcepted =
      scope.exceptProductIds.includes(line.productId) ||
      meetsAny(scope.exceptCategoryIds, line.categoryIds) ||
      meetsAny(scope.exceptLabels, line.labels);
    return isNamed && !isExcepted;
  });
}
