/** A rule in one line, as the list shows it. Pure. */
import type { Values } from "./schema.ts";
import type { RulesWords } from "./words.ts";

type Say = (path: readonly string[], choice: string) => string;

export interface Line {
  readonly figure: string;
  readonly text: string;
}

const yuan = (fen: unknown): string => {
  const amount = Number(fen) / 100;
  return Number.isInteger(amount) ? String(amount) : amount.toFixed(2);
};
const factor = (percent: unknown): string => String(Number(percent) / 100);

function benefitLine(benefit: Values, words: RulesWords): Line {
  const points = Number(benefit["points"]);
  if (benefit["kind"] === "per_amount") {
    const perYuan = yuan(benefit["perFen"]);
    return { figure: `${points} : ${perYuan}`, text: words.perYuan(points, perYuan) };
  }
  if (benefit["kind"] === "multiplier") {
    return {
      figure: `× ${factor(benefit["percent"])}`,
      text: words.times(factor(benefit["percent"])),
    };
  }
  return { figure: `+ ${points}`, text: words.fixed(points) };
}

function conditionWords(condition: unknown, words: RulesWords): readonly string[] {
  const found = condition as Values | null;
  if (!found) return [];
  const days = Array.isArray(found["days"]) ? found["days"].join(words.list) : "";
  switch (found["kind"]) {
    case "all":
      return (found["of"] as readonly unknown[]).flatMap((one) => conditionWords(one, words));
    case "day_of_month":
      return [words.daysOfMonth(days)];
    case "day_of_week":
      return [words.daysOfWeek(days)];
    case "nth_order":
      return found["from"] === 1 && found["to"] === 1 ? [words.firstOrder] : [words.conditional];
    default:
      return [words.conditional];
  }
}

function capWords(caps: unknown, words: RulesWords, say: Say): readonly string[] {
  return ((caps ?? []) as readonly Values[]).flatMap((cap) => {
    const period = say(["period"], String(cap["period"]));
    const { pointsMax, timesMax } = cap;
    return [
      ...(typeof pointsMax === "number" ? [words.cap(pointsMax, period)] : []),
      ...(typeof timesMax === "number" ? [words.capTimes(timesMax, period)] : []),
    ];
  });
}

export function ruleLine(rule: Values, words: RulesWords, say: Say): Line {
  const benefit = benefitLine(rule["benefit"] as Values, words);
  const kinds = (rule["on"] as readonly string[])
    .map((one) => say(["on"], one))
    .map((kind, at) => (at === 0 ? kind : words.inside(kind)))
    .join(words.or);
  const parts = [
    words.on(kinds),
    ...conditionWords(rule["condition"], words),
    benefit.text,
    ...capWords(rule["caps"], words, say),
  ];
  return { figure: benefit.figure, text: `${parts.join(words.and)}${words.stop}` };
}

export function tierLine(terms: Values, words: RulesWords): Line {
  const tiers = (
    terms["tiers"] as readonly { title: string; benefits: { earnPercent: number } }[]
  ).filter(({ benefits }) => benefits.earnPercent > 100);
  const all = tiers.map(({ benefits }) => benefits.earnPercent);
  const range = [...new Set([Math.min(...all), Math.max(...all)])].map(factor).join("–");
  const text = tiers.map(({ title, benefits }) =>
    words.tierTimes(title, factor(benefits.earnPercent)),
  );
  return {
    figure: tiers.length === 0 ? "× 1" : `× ${range}`,
    text: `${text.join(words.and)}${words.stop}`,
  };
}

export function checkInLine(terms: Values, words: RulesWords): Line {
  const daily = Number(terms["dailyPoints"]);
  const best = (terms["streak"] as readonly { days: number; points: number }[]).at(-1);
  const text = words.checkInRow(daily, best?.days ?? 0, best?.points ?? 0);
  return { figure: `+ ${daily}`, text: `${text}${words.stop}` };
}

export function inviteLine(terms: Values, words: RulesWords, say: Say): Line {
  const inviter = Number(terms["inviterPoints"]);
  const act = say(["act"], String(terms["act"]));
  const text = words.inviteRow(act, inviter, Number(terms["inviteePoints"]));
  return { figure: `+ ${inviter}`, text: `${text}${words.stop}` };
}
