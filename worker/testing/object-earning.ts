/** Earning in the runtime that the test runs in: programmes of a test's own, commands, sweeps, and a line that loses messages. */
import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import type { Account } from "../accounts/account-object.ts";
import type { EarnCalls, EarnKind, EarnReply, EventCommand } from "../accounts/earning/messages.ts";
import type { ProgrammeTerms } from "../earning/programme/index.ts";
import { bucketOf } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import { TERMS } from "./points/programme.ts";

const bindings = env as unknown as Env;
export const DAY = 86_400_000;
let made = 0;
/** A programme of a test's own, so that its terms meet no other test's in a shared Account. */
export function programme(more: Partial<ProgrammeTerms> = {}): ProgrammeTerms {
  made += 1;
  return { ...TERMS, programmeId: `p${made}`, ...more };
}

export const holderOf = (memberKey: string): DurableObjectStub<Account> =>
  bindings.ACCOUNT.getByName(bucketOf(memberKey, 4));

export interface Port {
  readonly earn: (kind: EarnKind, call: object) => Promise<unknown>;
}

export async function ask<K extends EarnKind>(
  terms: ProgrammeTerms,
  memberId: string,
  kind: K,
  input: EarnCalls[K]["input"],
): Promise<EarnReply<K>> {
  const memberKey = `${terms.programmeId}:${memberId}`;
  const port = holderOf(memberKey) as unknown as Port;
  const call = { memberKey, revision: terms.revision, ...input };
  const reply = (await port.earn(kind, call)) as EarnReply<K>;
  if (reply.kind !== "terms_needed") return reply;
  return (await port.earn(kind, { ...call, terms })) as EarnReply<K>;
}

export function orderEvent(eventId: string, amountFen: number, more: Partial<EventCommand> = {}) {
  return {
    eventId,
    kind: "order",
    name: null,
    atMs: Date.now(),
    lines: [{ productId: "p", categoryIds: [], labels: [], amountFen }],
    storeId: null,
    channel: null,
    facts: {},
    prints: {},
    actor: "staff:t",
    ...more,
  } satisfies EventCommand;
}

export async function activeOf(terms: ProgrammeTerms, memberId: string): Promise<number> {
  const memberKey = `${terms.programmeId}:${memberId}`;
  return (await holderOf(memberKey).points(memberKey, 1_000, 10)).balance.active;
}

export async function until<T>(read: () => Promise<T>, isMet: (value: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 500; tries += 1) {
    const value = await read();
    if (isMet(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("the condition was never met");
}

/** Runs the object's sweep at a later moment, as its alarm would. */
export async function sweepAt(account: DurableObjectStub<Account>, nowMs: number): Promise<void> {
  await runInDurableObject(account, async (object: Account) => {
    const { clock } = object;
    object.clock = () => nowMs;
    await object.sweep();
    object.clock = clock;
  });
}

interface Inside {
  earning: { peer: (envelope: never, message: never) => Promise<unknown> };
}

/** Puts something between an Account and those who ask it. */
export async function lossyLine(
  account: DurableObjectStub<Account>,
  between: (work: () => Promise<unknown>) => Promise<unknown>,
): Promise<{ mend: () => Promise<void> }> {
  await runInDurableObject(account, (object: Account) => {
    const { earning } = object as unknown as Inside;
    const real = earning.peer.bind(earning);
    earning.peer = (envelope, message) => between(() => real(envelope, message));
  });
  return {
    mend: () =>
      runInDurableObject(account, (object: Account) => {
        Reflect.deleteProperty((object as unknown as Inside).earning, "peer");
      }),
  };
}

/** Two members of different buckets. */
export function apart(terms: ProgrammeTerms): readonly [string, string] {
  const bucket = (memberId: string): string => bucketOf(`${terms.programmeId}:${memberId}`, 4);
  for (let at = 1; ; at += 1) {
    if (bucket(`m${at}`) !== bucket("m0")) return ["m0", `m${at}`];
  }
}
