import { useEffect, useState } from "preact/hooks";
import type { NamesView } from "../../../worker/register/wire.ts";
import type { Call } from "./client.ts";
import { useConsole } from "./console.ts";
import { KIT } from "./kit-words.ts";
import { useWords } from "./words.ts";

export interface Names {
  /** Who did something: `staff:…`, `member:…`, `system`; two joined by `+`. */
  readonly actor: (actor: string) => string;
  readonly tier: (tierId: string | null) => string | null;
  readonly store: (storeId: string | null) => string | null;
  /** To choose from; what was chosen and is gone by now stays among them. */
  readonly choices: (of: keyof NamesView, chosen: readonly string[]) => readonly Choice[];
}

export interface Choice {
  readonly value: string;
  readonly title: string;
}

const NONE: NamesView = { staff: {}, stores: {}, tiers: {} };
/** Somebody who joins while a page is open is called by their id until it is asked again. */
const KEPT_MS = 60_000;
const asked = new WeakMap<Call, { readonly atMs: number; readonly names: Promise<NamesView> }>();

function namesOf(call: Call): Promise<NamesView> {
  const known = asked.get(call);
  if (known && known.atMs > Date.now() - KEPT_MS) return known.names;
  const names = call<NamesView>("GET", "/api/v1/staff/me/names").then((answer) =>
    answer.ok ? answer.value : NONE,
  );
  asked.set(call, { atMs: Date.now(), names });
  return names;
}

export function withChosen(
  options: readonly Choice[],
  chosen: readonly string[],
): readonly Choice[] {
  const known = new Set(options.map(({ value }) => value));
  const gone = chosen.filter((value) => !known.has(value));
  return [...options, ...gone.map((value) => ({ value, title: value }))];
}

type Others = Readonly<Record<"member" | "system", string>>;

function oneActor(actor: string, staff: NamesView["staff"], others: Others): string {
  const [kind = "", ...rest] = actor.split(":");
  const id = rest.join(":");
  if (kind === "staff") return staff[id] ?? id;
  if (kind === "member") return id === "" ? others.member : id;
  if (rest.length === 0 && staff[kind] !== undefined) return staff[kind];
  return kind === "system" ? others.system : actor;
}

/** What one proposed and another agreed to was done by both; some records join the two by `+`, some by ` + `. */
export function actorText(actor: string, staff: NamesView["staff"], others: Others): string {
  const named = actor.split("+").map((one) => oneActor(one.trim(), staff, others));
  return named.join(" + ");
}

/** What ids are called; an id that nobody knows stays as it is. */
export function useNames(): Names {
  const { call } = useConsole();
  const words = useWords(KIT);
  const [names, setNames] = useState(NONE);
  useEffect(() => {
    let isGone = false;
    void namesOf(call).then((found) => isGone || setNames(found));
    return () => {
      isGone = true;
    };
  }, [call]);
  return {
    actor: (actor) => actorText(actor, names.staff, words.actors),
    tier: (tierId) => (tierId === null ? null : (names.tiers[tierId] ?? tierId)),
    choices: (of, chosen) =>
      withChosen(
        Object.entries(names[of]).map(([value, title]) => ({ value, title })),
        chosen,
      ),
    store: (storeId) => (storeId === null ? null : (names.stores[storeId] ?? storeId)),
  };
}
