/** A proposal in the words of whoever decides. Pure. */
import type { Locale } from "../../../worker/pages/page-data.ts";
import type { Approval } from "../../../worker/staff/approval.ts";
import type { ApprovalKindView } from "../../../worker/staff/wire.ts";
import { count, yuan } from "../../ui/format.ts";
import { momentOf } from "../kit/inputs.ts";
import { OBSTACLES } from "../members/obstacle-words.ts";
import { FACTS } from "./fact-words.ts";

export interface Tongue {
  readonly locale: Locale;
  readonly kinds: readonly ApprovalKindView[];
  readonly storeName: (storeId: string) => string;
  readonly kindTitle: (kind: string) => string;
}

export interface Fact {
  readonly field: string;
  readonly name: string;
  readonly text: string;
}

type Values = Readonly<Record<string, unknown>>;

/** Keys by which machines find things again, and what the lines above the facts already say. */
const UNSAID: ReadonlySet<string> = new Set([
  ...["idempotencyKey", "digest", "version", "isWhole", "adjustmentId", "memberKey"],
  ...["saleId", "orderId", "caseId", "campaignId", "importId", "writeOffId", "reason", "kind"],
  // Which lines of a file were bad; how many there were stands beside it.
  "bad",
]);
const MEMBERS_NAMED_MAX = 5;

const valuesOf = (given: unknown): Values =>
  typeof given === "object" && given !== null ? (given as Values) : {};

/** The figure with its unit, as the kind counts it. */
export function figureText(
  { kind, figure, payload }: Pick<Approval, "kind" | "figure" | "payload">,
  { kinds, locale }: Tongue,
): string {
  const words = FACTS[locale];
  const unit = kinds.find((one) => one.kind === kind)?.unit;
  if (unit === "fen") return yuan(figure, "full");
  if (unit === "units") return words.units(figure);
  if (unit === "points") return words.points(figure);
  const { points } = valuesOf(payload);
  return typeof points === "number" ? words.moved(points) : "";
}

/** What it is about: by name where the proposal carries one. */
export function subjectText(
  { subject, payload }: Pick<Approval, "subject" | "payload">,
  tongue: Tongue,
): string {
  const { subjects, membersOf, lines } = FACTS[tongue.locale];
  const [of = "", ...rest] = subject.split(":");
  const id = rest.join(":");
  if (of === "members") return membersOf(id);
  const title = subjects[of];
  if (title === undefined) return subject;
  const carried = valuesOf(payload);
  if (of === "threshold") return `${title} ${tongue.kindTitle(id)}`;
  if (of === "import") return `${title} ${lines(Number(carried["lines"] ?? 0))}`;
  if (of === "campaign") return `${title} ${String(carried["note"] ?? "")}`.trim();
  if (of === "write-off") return `${title} ${String(carried["goods"] ?? "")}`.trim();
  return `${title} ${of === "sale" ? String(carried["goods"] ?? id) : id}`;
}

/** Where whoever decides can look at it. */
export function subjectHref({ subject }: Pick<Approval, "subject">): string | null {
  const [of = "", ...rest] = subject.split(":");
  const id = encodeURIComponent(rest.join(":"));
  if (of === "member") return `/console/members/${id}`;
  if (of === "sale") return `/console/sales/live/${id}`;
  return of === "order" ? `/console/orders?q=${id}` : null;
}

/** What is proposed and what became of it, fact by fact, without what its head says. */
export function factsOf(
  approval: Pick<Approval, "kind" | "subject" | "figure" | "payload" | "outcome" | "state">,
  tongue: Tongue,
): readonly Fact[] {
  const words = FACTS[tongue.locale];
  const carried = valuesOf(approval.payload);
  const became = valuesOf(approval.outcome);
  const isRefused = approval.state === "refused";
  const facts = new Map<string, string>();
  for (const [field, value] of Object.entries(carried)) {
    if (isSaidAbove(field, value, approval, tongue)) continue;
    const text = textOf(field, value, approval, tongue);
    if (text !== "") facts.set(field, text);
  }
  for (const [field, value] of isRefused ? [] : Object.entries(became)) {
    if (field in carried || isSaidAbove(field, value, approval, tongue)) continue;
    const text = textOf(field, value, approval, tongue);
    if (text !== "") facts.set(field, text);
  }
  if (isRefused) facts.set("cause", causeOf(became, tongue.locale));
  // A large refund that nobody agrees to is still what silence pays: whoever does not want that refuses its case.
  const isAsked = approval.state === "proposed" && approval.kind === "orders.refund";
  if (isAsked) facts.set("rejected", words.caseStays);
  return [...facts].map(([field, text]) => ({ field, name: words.fields[field] ?? field, text }));
}

function isSaidAbove(
  field: string,
  value: unknown,
  { subject, figure, kind }: Pick<Approval, "subject" | "figure" | "kind">,
  { kinds }: Tongue,
): boolean {
  if (UNSAID.has(field)) return true;
  const unit = kinds.find((one) => one.kind === kind)?.unit;
  if (field === "points") return unit === "always" || (unit === "points" && value === figure);
  if (field === "cashFen") return unit === "fen" && value === figure;
  if (field === "memberId") return subject === `member:${String(value)}`;
  if (field === "memberIds") return subject === `member:${String(value)}`;
  if (field === "goods") return /^(?:sale|write-off):/.test(subject);
  if (field === "lines") return subject.startsWith("import:");
  return field === "note" && subject.startsWith("campaign:");
}

function textOf(
  field: string,
  value: unknown,
  { kind, payload }: Pick<Approval, "kind" | "payload">,
  tongue: Tongue,
): string {
  const words = FACTS[tongue.locale];
  if (field === "from") return thresholdText(String(valuesOf(payload)["kind"]), value, tongue);
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (Array.isArray(value)) return listText(value, words.membersOf);
  if (typeof value === "number") return numberText(field, value, kind, tongue.locale);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return field === "storeId" ? tongue.storeName(text) : (words.codes[text] ?? text);
}

function numberText(field: string, value: number, kind: string, locale: Locale): string {
  const words = FACTS[locale];
  if (field.endsWith("Ms")) return momentOf(value);
  if (field.endsWith("Fen")) return yuan(value, "full");
  if (/points|alonePerDayMax/i.test(field)) return words.points(value);
  if (field === "members") return words.people(value);
  if (field === "uses") return words.times(value);
  if (field === "granted" && kind === "sales.early_end") return words.units(value);
  return count(value);
}

function thresholdText(kind: string, from: unknown, tongue: Tongue): string {
  if (typeof from !== "number") return FACTS[tongue.locale].never;
  return figureText({ kind, figure: from, payload: null }, tongue);
}

/** Members by their ids, the first few of many. */
function listText(values: readonly unknown[], membersOf: (members: string) => string): string {
  const ids = values.map((one) =>
    typeof one === "object" && one !== null
      ? String((one as Values)["memberId"] ?? "")
      : String(one),
  );
  const named = ids.slice(0, MEMBERS_NAMED_MAX).join(", ");
  return ids.length > MEMBERS_NAMED_MAX ? `${named} … ${membersOf(count(ids.length))}` : named;
}

function causeOf({ reason, code }: Values, locale: Locale): string {
  const { causes } = FACTS[locale];
  const known = { ...causes, ...OBSTACLES[locale] };
  return known[String(reason)] ?? known[String(code)] ?? causes["conflict"] ?? "";
}
