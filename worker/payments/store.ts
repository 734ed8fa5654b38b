/** How programmes are paid, and whose payment a number is. D1 is the authority; an isolate remembers for seconds. */
import { and, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { LIMITS } from "../kernel/limits.ts";
import { Lru } from "../kernel/lru.ts";
import type { Env } from "../platform/env.ts";
import { describeError, log } from "../platform/log.ts";
import { openVault, type SealedColumn } from "../vault/index.ts";
import {
  alipayAccountSchema,
  alipayOf,
  wechatAccountSchema,
  wechatOf,
  type AlipaySettings,
  type WechatSettings,
} from "./accounts.ts";
import { payments, paymentSettings, paymentTerms } from "./d1-schema.ts";
import type { Fetch, PaymentProvider, ProviderName } from "./provider.ts";
import { signingKey } from "./rsa.ts";

export type Providers = ReadonlyMap<ProviderName, PaymentProvider>;

interface Known {
  readonly providers: Providers;
  readonly readAtMs: number;
}

/** Another isolate hears of changed settings after this. */
const FRESH_MS = 10_000;
const cached = new Lru<string, Known>(LIMITS.cachedSalesMax);

/** Who carries a programme's money, by name; empty: nobody, so cash is due on delivery. */
export async function providersOf(env: Env, programmeId: string): Promise<Providers> {
  const known = cached.get(programmeId);
  if (known && Date.now() - known.readAtMs < FRESH_MS) return known.providers;
  const stored = await storedAccounts(env, programmeId);
  const providers = new Map<ProviderName, PaymentProvider>();
  for (const { provider, isEnabled, account } of stored) {
    if (isEnabled) providers.set(provider, await providerOf(env, provider, account));
  }
  if (stored.length === 0) {
    for (const one of await pretended(env)) providers.set(one.name, one);
  }
  cached.set(programmeId, { providers, readAtMs: Date.now() });
  return providers;
}

export function forgetProviders(programmeId: string): void {
  cached.delete(programmeId);
}

function providerOf(
  env: Env,
  name: ProviderName,
  account: WechatSettings | AlipaySettings,
): Promise<PaymentProvider> {
  const fetchBy = fetchOf(env);
  return name === "wechat"
    ? wechatOf(account as WechatSettings, fetchBy)
    : alipayOf(account as AlipaySettings, fetchBy);
}

/** The pretended bank of a local server is a neighbour; everybody else is on the network. */
function fetchOf(env: Env): Fetch {
  return (request) => {
    const bank = env.DEV_LOGIN === "on" ? env.PAY_SIM : undefined;
    const isBank = new URL(request.url).pathname.startsWith("/pay-sim/");
    return bank && isBank ? bank.fetch(request) : fetch(request, { redirect: "manual" });
  };
}

/** Where nothing is set up, the demo is paid by the pretended bank of its local server. */
async function pretended(env: Env): Promise<PaymentProvider[]> {
  if (env.DEV_LOGIN !== "on" || !env.PAY_SIM) return [];
  try {
    const response = await env.PAY_SIM.fetch(new Request("http://bank/account"));
    const { wechat, alipay } = await response.json<{ wechat: unknown; alipay: unknown }>();
    return [
      await providerOf(env, "wechat", wechatAccountSchema.parse(wechat)),
      await providerOf(env, "alipay", alipayAccountSchema.parse(alipay)),
    ];
  } catch (error) {
    log("pretended_bank_failed", { error: describeError(error) });
    return [];
  }
}

// ---- settings

export interface StoredAccount {
  readonly provider: ProviderName;
  readonly isEnabled: boolean;
  readonly account: WechatSettings | AlipaySettings;
  readonly savedBy: string;
  readonly savedAtMs: number;
}

const contextOf = (provider: string): string => `payment:${provider}`;

/** What the sweep seals anew after a rotation. */
export const SEALED_PAYMENT_ACCOUNTS: SealedColumn = {
  ...{ table: "payment_settings", column: "sealed", key: ["provider"] },
  contextOf: ({ provider = "" }) => contextOf(provider),
};

export async function storedAccounts(env: Env, programmeId: string): Promise<StoredAccount[]> {
  const rows = await drizzle(env.DB)
    .select()
    .from(paymentSettings)
    .where(eq(paymentSettings.programmeId, programmeId));
  if (rows.length === 0) return [];
  const vault = await openVault(env, programmeId);
  return Promise.all(
    rows.map(async ({ provider, isEnabled, sealed, savedBy, savedAtMs }) => {
      const text = await vault.open(contextOf(provider), sealed);
      const account = JSON.parse(text) as WechatSettings | AlipaySettings;
      return { provider: provider as ProviderName, isEnabled, account, savedBy, savedAtMs };
    }),
  );
}

/** `basedOn`: `savedAtMs` of what was edited. False: somebody saved it since, and nothing was written. */
export async function saveAccount(
  env: Env,
  programmeId: string,
  stored: StoredAccount,
  basedOn?: number,
): Promise<boolean> {
  const { provider, isEnabled, account, savedBy, savedAtMs } = stored;
  const vault = await openVault(env, programmeId);
  const sealed = vault.seal(contextOf(provider), JSON.stringify(account));
  const row = { programmeId, provider, isEnabled, sealed, savedBy, savedAtMs };
  const written = await drizzle(env.DB)
    .insert(paymentSettings)
    .values(row)
    .onConflictDoUpdate({
      target: [paymentSettings.programmeId, paymentSettings.provider],
      set: { isEnabled, sealed, savedBy, savedAtMs },
      ...(basedOn === undefined ? {} : { setWhere: eq(paymentSettings.savedAtMs, basedOn) }),
    })
    .returning({ provider: paymentSettings.provider });
  forgetProviders(programmeId);
  return written.length > 0;
}

// ---- how long an order waits

export interface PayTerms {
  readonly flashMinutes: number;
  readonly standingMinutes: number;
}

export interface StoredPayTerms extends PayTerms {
  /** 0: nobody has set them. */
  readonly savedAtMs: number;
}

export const DEFAULT_PAY_TERMS: PayTerms = { flashMinutes: 10, standingMinutes: 30 };
const MINUTE_MS = 60_000;

export async function payTermsOf(env: Env, programmeId: string): Promise<StoredPayTerms> {
  const [row] = await drizzle(env.DB)
    .select()
    .from(paymentTerms)
    .where(eq(paymentTerms.programmeId, programmeId));
  return row ?? { ...DEFAULT_PAY_TERMS, savedAtMs: 0 };
}

/** `basedOn` as with an account. */
export async function savePayTerms(
  env: Env,
  programmeId: string,
  terms: PayTerms,
  by: { readonly savedBy: string; readonly nowMs: number; readonly basedOn?: number | undefined },
): Promise<boolean> {
  const { savedBy, nowMs, basedOn } = by;
  const row = { ...terms, savedBy, savedAtMs: nowMs };
  const written = await drizzle(env.DB)
    .insert(paymentTerms)
    .values({ programmeId, ...row })
    .onConflictDoUpdate({
      ...{ target: paymentTerms.programmeId, set: row },
      ...(basedOn === undefined ? {} : { setWhere: eq(paymentTerms.savedAtMs, basedOn) }),
    })
    .returning({ programmeId: paymentTerms.programmeId });
  return written.length > 0;
}

/** How long a new sale's orders may wait for their cash; null where nobody can be paid: it is due on delivery. */
export async function payWithinMs(
  env: Env,
  programmeId: string,
  kind: "flash" | "standing",
): Promise<number | null> {
  const providers = await providersOf(env, programmeId);
  if (providers.size === 0) return null;
  const { flashMinutes, standingMinutes } = await payTermsOf(env, programmeId);
  return (kind === "flash" ? flashMinutes : standingMinutes) * MINUTE_MS;
}

// ---- whose payment a number is

export type PaymentRow = typeof payments.$inferSelect;

export async function insertPayment(env: Env, row: PaymentRow): Promise<void> {
  await drizzle(env.DB).insert(payments).values(row).onConflictDoNothing();
}

/** Within the programme whose provider named it, and in no other. */
export async function paymentOf(
  env: Env,
  programmeId: string,
  paymentId: string,
): Promise<PaymentRow | null> {
  const [row] = await drizzle(env.DB)
    .select()
    .from(payments)
    .where(and(eq(payments.programmeId, programmeId), eq(payments.paymentId, paymentId)));
  return row ?? null;
}

/** Which key of an account is none; null: all of them are keys. */
export async function wrongKeyOf(
  provider: ProviderName,
  account: WechatSettings | AlipaySettings,
): Promise<"privateKeyPem" | "publicKeyPem" | null> {
  const nowhere: Fetch = () => Promise.reject(new Error("nothing is asked"));
  const isKey = await signingKey(account.privateKeyPem).then(
    () => true,
    () => false,
  );
  if (!isKey) return "privateKeyPem";
  const whole =
    provider === "wechat"
      ? wechatOf(account as WechatSettings, nowhere)
      : alipayOf(account as AlipaySettings, nowhere);
  return whole.then(
    () => null,
    () => "publicKeyPem",
  );
}
