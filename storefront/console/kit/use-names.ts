import { useEffect, useState } from "preact/hooks";
import type { NamesView } from "../../../worker/register/wire.ts";
import type { Call } from "./client.ts";
import { useConsole } from "./console.ts";
import { KIT } from "./kit-words.ts";
import { useLocale, useWords } from "./words.ts";

export interface Names {
  /** Who did something: `staff:…`, `member:…`, `system`; two joined by `+`. */
  readonly actor: (actor: string) => string;
  readonly tier: (tierId: string | null) => string | null;
  readonly store: (storeId: string | null) => string | null;
  /** An act that may need a second person; what is none is said as it is. */
  readonly approvalKind: (kind: string) => string;
  /** To choose from; what was chosen and is gone by now stays among them. */
  readonly choices: (
    of: "staff" | "stores" | "tiers",
    chosen: readonly string[],
  ) => readonly Choice[];
}

export interface Choice {
  readonly value: string;
  readonly title: string;
}

const NONE: NamesView = { staff: {}, stores: {}, tiers: {}, approvalKinds: {} };
/** Somebody who joins while a page is open is known from the next page on after this. */
const KEPT_MS = 60_000;
/** Stands for a name that is on its way: an id there would be read as a name, and then change. */
const ON_ITS_WAY = "…";

interface Known {
  readonly names: NamesView;
  /** They were asked for a moment ago: an id that they lack has no name. */
  readonly areFresh: boolean;
}
/** For all pages together: whoever goes on to the next page has them at once. */
const answered = new WeakMap<Call, { readonly atMs: number; readonly names: NamesView }>();
const asked = new WeakMap<Call, Promise<Known>>();

function knownOf(call: Call): Known {
  const last = answered.get(call);
  return last
    ? { names: last.names, areFresh: last.atMs > Date.now() - KEPT_MS }
    : { names: NONE, areFresh: false };
}

function ask(call: Call): Promise<Known> {
  const underWay = asked.get(call);
  if (underWay) return underWay;
  const known = call<NamesView>("GET", "/api/v1/staff/me/names").then((answer) => {
    asked.delete(call);
    if (answer.ok) answered.set(call, { atMs: Date.now(), names: answer.value });
    // Without an answer ids are all that there is to say; the next page asks again.
    return { names: knownOf(call).names, areFresh: true };
  });
  asked.set(call, known);
  return known;
}

/** `titleOf`: what stands for a choice that is not among the options. */
export function withChosen(
  options: readonly Choice[],
  chosen: readonly string[],
  titleOf: (value: string) => string = (value) => value,
): readonly Choice[] {
  const known = new Set(options.map(({ value }) => value));
  const gone = chosen.filter((value) => !known.has(value));
  return [...options, ...gone.map((value) => ({ value, title: titleOf(value) }))];
}

type Others = Readonly<Record<"member" | "system", string>>;

function oneActor(actor: string, staffOf: (id: string) => string | null, others: Others): string {
  const [kind = "", ...rest] = actor.split(":");
  const id = rest.join(":");
  if (kind === "staff") return staffOf(id) ?? id;
  if (kind === "member") return id === "" ? others.member : id;
  if (kind === "system") return others.system;
  return (rest.length === 0 && kind !== "" ? staffOf(kind) : null) ?? actor;
}

/** What one proposed and another agreed to was done by both; some records join the two by `+`, some by ` + `. */
export function actorText(
  actor: string,
  staffOf: (id: string) => string | null,
  others: Others,
): string {
  const named = actor.split("+").map((one) => oneActor(one.trim(), staffOf, others));
  return named.join(" + ");
}

/** What ids are called; an id that nobody knows stays as it is. Until that is known, a quiet mark stands there. */
export function useNames(): Names {
  const { call } = useConsole();
  const words = useWords(KIT);
  const locale = useLocale();
  const [{ names, areFresh }, setKnown] = useState(() => knownOf(call));
  useEffect(() => {
    if (areFresh) return;
    let isGone = false;
    void ask(call).then((known) => isGone || setKnown(known));
    return () => {
      isGone = true;
    };
  }, [call, areFresh]);
  const unknown = (id: string): string => (areFresh ? id : ON_ITS_WAY);
  const staffOf = (id: string): string | null => names.staff[id] ?? (areFresh ? null : ON_ITS_WAY);
  return {
    actor: (actor) => actorText(actor, staffOf, words.actors),
    tier: (tierId) => (tierId === null ? null : (names.tiers[tierId] ?? unknown(tierId))),
    store: (storeId) => (storeId === null ? null : (names.stores[storeId] ?? unknown(storeId))),
    approvalKind: (kind) => names.approvalKinds[kind]?.[locale] ?? unknown(kind),
    choices: (of, chosen) =>
      withChosen(
        Object.entries(names[of]).map(([value, title]) => ({ value, title })),
        chosen,
        unknown,
      ),
  };
}
