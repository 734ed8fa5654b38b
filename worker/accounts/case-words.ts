/**
 * What members and staff write with a case names people and places, so it lies sealed, in the Account and in what D1 copies of it.
 * The words are sealed before they reach the Account, which never reads them, and opened for who may read the order.
 */
import { splitMemberKey } from "../kernel/ids.ts";
import { HIDDEN } from "../kernel/masks.ts";
import type { Env } from "../platform/env.ts";
import { describeError, log } from "../platform/log.ts";
import { openVault, type Vault } from "../vault/index.ts";
import type { OrderLife } from "./orders/index.ts";
import type { OrderView } from "./wire.ts";

export interface CasePlace {
  readonly orderId: string;
  readonly caseId: string;
}

/** The order's id and not its member's: members are joined, and their orders move. */
const contextOf = ({ orderId, caseId }: CasePlace): string => `case:${orderId}:${caseId}`;

/** No words stay no words: pages ask whether there are any. */
const sealIn = (vault: Vault, at: CasePlace, text: string): string =>
  text === "" ? "" : vault.seal(contextOf(at), text);

export async function sealCaseWords<Words extends Readonly<Record<string, string>>>(
  env: Env,
  programmeId: string,
  at: CasePlace,
  words: Words,
): Promise<Words> {
  const vault = await openVault(env, programmeId);
  const sealed = Object.entries(words).map(([name, text]) => [name, sealIn(vault, at, text)]);
  return Object.fromEntries(sealed) as Words;
}

export type ReadWords = (at: CasePlace, text: string) => Promise<string>;

/** An order is shown without D1 too, and its words then say that they are hidden. Words of before they were sealed stand as they are. */
export async function caseWordsReader(env: Env, programmeId: string): Promise<ReadWords> {
  const unread = (error: unknown): string => {
    log("case_words_unread", { error: describeError(error) });
    return HIDDEN;
  };
  try {
    const vault = await openVault(env, programmeId);
    return (at, text) => vault.read(contextOf(at), text).catch(unread);
  } catch (error) {
    unread(error);
    return (_, text) => Promise.resolve(text === "" ? "" : HIDDEN);
  }
}

type CaseViews = OrderView["afterSales"];

export async function readableCases(
  env: Env,
  memberKey: string,
  orderId: string,
  cases: CaseViews,
): Promise<CaseViews> {
  if (cases.length === 0) return cases;
  const read = await caseWordsReader(env, splitMemberKey(memberKey).programmeId);
  return Promise.all(
    cases.map(async (one) => {
      const at = { orderId, caseId: one.caseId };
      const [reason, note, history] = await Promise.all([
        read(at, one.reason),
        read(at, one.note),
        Promise.all(
          one.history.map(async (step) => ({ ...step, note: await read(at, step.note) })),
        ),
      ]);
      return { ...one, reason, note, history };
    }),
  );
}

/** Each text of the order's cases that lies under an older data key, or under none, with what is to stand for it. */
export async function resealedWords(
  vault: Vault,
  { orderId, afterSales }: OrderLife,
): Promise<Map<string, string>> {
  const fresh = new Map<string, string>();
  for (const { caseId, reason, note, takingBack, history } of afterSales) {
    const at = { orderId, caseId };
    // What silence decided is worded by no one: pages say its note in their reader's language.
    const notes = [...history, ...(takingBack ? [takingBack] : [])]
      .filter(({ by }) => by !== "system")
      .map((step) => step.note ?? "");
    for (const text of [reason, note, ...notes]) {
      if (text === "" || vault.isNewest(text) || fresh.has(text)) continue;
      fresh.set(text, sealIn(vault, at, await vault.read(contextOf(at), text)));
    }
  }
  return fresh;
}
