/** What a line of the log is about, in the words of who reads it. Pure. */
import type { AuditView } from "../../../worker/staff/wire.ts";
import type { Names } from "../kit/index.ts";

type Entry = Pick<AuditView["entry"], "subject" | "before" | "after">;

interface Tongue {
  /** What each kind of subject is called. */
  readonly subjects: Readonly<Record<string, string>>;
  /** Between two subjects of one line. */
  readonly and: string;
  readonly names: Pick<Names, "actor" | "store" | "approvalKind">;
  /** What each kind of terms is called. */
  readonly termsKinds: Readonly<Record<string, string>>;
  /** Pages that every shop has. */
  readonly pages: Readonly<Record<string, string>>;
}

/** By these fields a line says what its subject was called then. */
const NAMES = ["name", "title", "goods", "note"] as const;
/** Kinds that have an id and no name of their own. */
const NAMELESS: ReadonlySet<string> = new Set(["member", "order", "case", "event", "write-off"]);
/** Below these fields stands what was written. */
const INSIDE = ["goods", "body", "payload"] as const;

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

function nameIn(value: unknown): string | null {
  const fields = fieldsOf(value);
  for (const place of [fields, ...INSIDE.map((field) => fieldsOf(fields[field]))]) {
    for (const field of NAMES) {
      const name = place[field];
      if (typeof name === "string" && name !== "") return name;
    }
  }
  return null;
}

/** `approval:a-1 sale:demo.cup~2` as a person would say it; what the line has no name for is called by its id. */
export function subjectText({ subject, before, after }: Entry, tongue: Tongue): string {
  const { subjects, and, names, termsKinds, pages } = tongue;
  const called = nameIn(after) ?? nameIn(before);
  const parts = subject.split(" ").filter((part) => part !== "");
  // A proposal is told by what it is about.
  const told = parts.length > 1 ? parts.filter((part) => !part.startsWith("approval:")) : parts;
  const [last] = told.slice(-1);
  const textOf = (part: string): string => {
    const [kind = "", ...rest] = part.split(":");
    const id = rest.join(":").replace(/\/$/, "");
    if (kind === "staff") return names.actor(part);
    // What is set for a kind: its terms, or its threshold of approval.
    const terms = kind === "kind" ? termsKinds[id] : undefined;
    if (terms !== undefined) return `${subjects["kind"] ?? ""} ${terms}`;
    if (kind === "threshold" || kind === "kind")
      return `${subjects["threshold"] ?? ""} ${names.approvalKind(id)}`;
    const title = subjects[kind];
    if (title === undefined) return part;
    const page = kind === "page" ? pages[id] : undefined;
    if (page !== undefined) return `${title} ${page}`;
    if (NAMELESS.has(kind)) return `${title} ${id}`;
    if (part === last && called !== null) return `${title} ${called}`;
    const [first = "", ...others] = id.split("/");
    const store = kind === "store" || kind === "booking-plan" ? names.store(first) : null;
    return `${title} ${store === null ? id : [store, ...others].join(" ")}`;
  };
  return told.length === 0 ? (called ?? "") : told.map(textOf).join(and);
}
