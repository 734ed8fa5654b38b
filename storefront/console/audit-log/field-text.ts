/** A field of a line of the log, as the pages name it and show what is in it. Pure. */
import { count, yuan } from "../../ui/format.ts";
import { momentOf } from "../kit/inputs.ts";
import type { Locale, Names } from "../kit/index.ts";
import type { Bilingual } from "../kit/words.ts";
import { ROLES } from "../roles/words.ts";
import { FIELDS } from "../rules/labels.ts";
import { CODES, FIELD_NAMES, VALUES } from "./field-words.ts";

export interface FieldTongue {
  readonly locale: Locale;
  readonly names: Pick<Names, "actor" | "store" | "tier" | "approvalKind">;
}

/** A moment is far behind this, and no span of time comes near it. */
const MOMENTS_FROM_MS = 1_000_000_000_000;
const MINUTE_MS = 60_000;
/** Domain, then act. */
const APPROVAL_KIND = /^[a-z]+\.[a-z_]+$/;
const RIGHTS: Bilingual<Readonly<Record<string, string>>> = {
  "zh-CN": ROLES["zh-CN"].permissions,
  en: ROLES.en.permissions,
};

/** `skus.0.pricePoints` as `规格 1 · 积分价`; a part that nobody has named stays as it is. */
export function fieldName(path: string, { locale }: FieldTongue): string {
  const own = FIELD_NAMES[locale];
  const terms = FIELDS[locale];
  const said: string[] = [];
  let parent = "";
  for (const part of path.split(".")) {
    if (/^\d+$/.test(part)) {
      said.push(`${said.pop() ?? ""} ${Number(part) + 1}`.trim());
      continue;
    }
    said.push(own[`${parent}.${part}`] ?? own[part] ?? terms[part]?.label ?? part);
    parent = part;
  }
  return said.join(" · ");
}

/** What stands in it; empty: nothing. */
export function fieldText(path: string, value: unknown, tongue: FieldTongue): string {
  if (Array.isArray(value)) return value.map((one) => fieldText(path, one, tongue)).join(", ");
  const name = path.split(".").findLast((part) => !/^\d+$/.test(part)) ?? "";
  const words = VALUES[tongue.locale];
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value === "number") return numberText(name, value, words);
  if (typeof value !== "string") return "";
  const { actor, store, tier, approvalKind } = tongue.names;
  if (/^storeIds?$/.test(name)) return store(value) ?? value;
  if (/^tierIds?$/.test(name)) return tier(value) ?? value;
  if (/^(?:staff|member):/.test(value)) return actor(value);
  // Rights read like kinds of approvals, and some of both are the same word.
  if (name === "kind" && APPROVAL_KIND.test(value)) return approvalKind(value);
  if (name === "permissions") return RIGHTS[tongue.locale][value] ?? value;
  return CODES[tongue.locale][value] ?? value;
}

function numberText(name: string, value: number, words: (typeof VALUES)["en"]): string {
  if (name.endsWith("Fen")) return yuan(value, "full");
  // Which version something was changed from is the moment at which that was saved.
  if (value >= MOMENTS_FROM_MS) return momentOf(value);
  if (!name.endsWith("Ms")) return count(value);
  const isRound = value % MINUTE_MS === 0;
  return isRound ? words.minutes(count(value / MINUTE_MS)) : words.seconds(count(value / 1_000));
}
