/** What people found out about differences of a bill that no step of ours removes. */
import { and, desc, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Env } from "../platform/env.ts";
import { differenceNotes } from "./d1-schema.ts";
import type { Difference } from "./reconcile.ts";

/** A difference that somebody looked into: it stays in the list with what they found. */
export interface Explained {
  readonly note: string;
  readonly by: string;
  readonly atMs: number;
}

export interface DifferenceOf {
  readonly provider: string;
  readonly name: Difference["name"];
  readonly moveId: string;
}

interface ComparedDay {
  readonly provider: string;
  readonly differences: readonly Difference[];
}

export interface SeenDifference extends Difference {
  readonly explained: Explained | null;
}

export type SeenDay<Day extends ComparedDay> = Day & {
  readonly differences: readonly SeenDifference[];
};

export type NoteReply =
  | { readonly kind: "saved" }
  /** Somebody wrote or took back a word since; nothing was written. */
  | { readonly kind: "stale"; readonly current: Explained };

const NOTES_MAX = 1_000;
const noteKey = ({ provider, name, moveId }: DifferenceOf): string =>
  `${provider} ${name} ${moveId}`;

export async function withNotes<Day extends ComparedDay>(
  env: Env,
  programmeId: string,
  days: readonly Day[],
): Promise<SeenDay<Day>[]> {
  const rows = await drizzle(env.DB)
    .select()
    .from(differenceNotes)
    .where(eq(differenceNotes.programmeId, programmeId))
    .orderBy(desc(differenceNotes.atMs))
    .limit(NOTES_MAX);
  const notes = new Map(
    rows.map(({ name, note, savedBy, atMs, ...of }): [string, Explained] => [
      noteKey({ ...of, name: name as Difference["name"] }),
      { note, by: savedBy, atMs },
    ]),
  );
  return days.map((day) => ({
    ...day,
    differences: day.differences.map((one) => ({
      ...one,
      explained: notes.get(noteKey({ provider: day.provider, ...one })) ?? null,
    })),
  }));
}

/** `explained` null takes the word back. `basedOn`: when what was seen was written, 0: none was there; without it any is replaced. */
export async function writeNote(
  env: Env,
  programmeId: string,
  { provider, name, moveId }: DifferenceOf,
  explained: Explained | null,
  basedOn: number | undefined,
): Promise<NoteReply> {
  const db = drizzle(env.DB);
  const { programmeId: programme, provider: by, name: named, moveId: move } = differenceNotes;
  const own = and(eq(programme, programmeId), eq(by, provider), eq(named, name), eq(move, moveId));
  const seen = basedOn === undefined ? undefined : eq(differenceNotes.atMs, basedOn);
  if (explained === null) {
    await db.delete(differenceNotes).where(and(own, seen));
  } else {
    const { note, by: savedBy, atMs } = explained;
    const values = { programmeId, provider, name, moveId, note, savedBy, atMs };
    const target = [programme, by, named, move];
    const written = await db
      .insert(differenceNotes)
      .values(values)
      .onConflictDoUpdate({ target, set: { note, savedBy, atMs }, ...(seen && { setWhere: seen }) })
      .returning({ atMs: differenceNotes.atMs });
    if (written.length > 0) return { kind: "saved" };
  }
  const [row] = await db.select().from(differenceNotes).where(own);
  return row
    ? { kind: "stale", current: { note: row.note, by: row.savedBy, atMs: row.atMs } }
    : { kind: "saved" };
}
