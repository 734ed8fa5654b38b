import type { Account } from "../accounts/account-object.ts";
import type { CodeVault } from "../fulfilment/code-vault-object.ts";
import type { Gate } from "../redemption/gate-object.ts";
import type { OpenPages } from "../open-pages/open-pages-object.ts";
import type { Sku } from "../redemption/sku-object.ts";
import type { Rehearsal } from "../sales/rehearsal-object.ts";
import type { WechatTokens } from "../sign-in/wechat/tokens-object.ts";
import type { Projector } from "./projector-object.ts";
import { invariant } from "../kernel/invariant.ts";
import { meteredStub, meterOf, type ObjectClass } from "./meter.ts";

/** The bindings and settings of wrangler.toml; docs/deploy.md explains each. */
export interface Env {
  readonly DB: D1Database;
  /** Pictures of goods and pages. */
  readonly MEDIA: R2Bucket;
  /** Makes pictures as small as a page asks for. Absent: they are given out as they were stored. */
  readonly IMAGES?: ImagesBinding;
  readonly ASSETS: Fetcher;
  readonly ACCOUNT: DurableObjectNamespace<Account>;
  readonly SKU: DurableObjectNamespace<Sku>;
  readonly GATE: DurableObjectNamespace<Gate>;
  readonly CODES: DurableObjectNamespace<CodeVault>;
  readonly REHEARSAL: DurableObjectNamespace<Rehearsal>;
  readonly PROJECTOR: DurableObjectNamespace<Projector>;
  /** Pages that somebody looks at, told of what the merchant changes. */
  readonly OPEN_PAGES: DurableObjectNamespace<OpenPages>;
  /** One per app id of WeChat: who fetches its tokens. */
  readonly WECHAT: DurableObjectNamespace<WechatTokens>;
  /** How many Account objects share the members; fixed at the first deployment. 0: one per member. */
  readonly ACCOUNT_BUCKETS: string;
  readonly PROJECTORS: string;
  /** Doors per sale; a member's door follows from the member id. */
  readonly DOORS_PER_SALE: string;
  /** `kid:secret,…`; the first signs, all verify. */
  readonly SESSION_KEYS: string;
  readonly TICKET_KEYS: string;
  /** `kid:seed,…`, seeds of Ed25519 in 64 hex digits; the first signs receipts and daily roots. */
  readonly EVIDENCE_KEYS: string;
  /** `kid:secret,…`; the first wraps the keys of personal data, all unwrap. Lost, the data is lost. */
  readonly VAULT_KEYS: string;
  /** Makes the first owner, and lets a locked-out one in again; absent at all other times. docs/staff.md */
  readonly SETUP_KEY?: string;
  /** `on` offers the development login. Never set it in production. */
  readonly DEV_LOGIN: string;
  readonly DEFAULT_PROGRAMME: string;
  /** No setting: the default programme, where the host of the request leads to another merchant's. */
  readonly OPERATOR_PROGRAMME?: string;
  /** `host=programme …`: merchants with a host of their own. docs/deploy.md */
  readonly PROGRAMME_HOSTS?: string;
  /** Requests a member may burst, and gets back per second, per isolate: `burst/perSecond`. */
  readonly MEMBER_RATE: string;
  /** `off` takes the service worker away from every phone that has it; else pages are kept for hours without a network. */
  readonly OFFLINE?: string;
  /** Location hint for new objects, or empty. */
  readonly REGION_HINT: string;
  /** `customer:key` at the tracking service Kuaidi100, with ` origin` after it where it is another. Absent: nobody is asked. */
  readonly KUAIDI100?: string;
  /** `keyId:secret url` of the supplier of direct top-ups. Absent: none are made. */
  readonly TOP_UP_SUPPLIER?: string;
  /** Set by local servers only: a pretended bank, so that the demo can be paid without an account at a real one. */
  readonly PAY_SIM?: Fetcher;
  /** Set by `npm run dev` only: where Vite serves the page shell. */
  readonly SHELL_ORIGIN?: string;
  /** `on` counts what would be billed, where DEV_LOGIN is `on` too; set by the cost tools only. */
  readonly METER?: string;
}

export function accountBuckets(env: Env): number {
  const buckets = Number(env.ACCOUNT_BUCKETS);
  invariant(Number.isInteger(buckets) && buckets >= 0, "ACCOUNT_BUCKETS is a whole number");
  return buckets;
}

export function stubOf<T extends Rpc.DurableObjectBranded | undefined>(
  namespace: DurableObjectNamespace<T>,
  name: string,
  env: Env,
): DurableObjectStub<T> {
  const hint = env.REGION_HINT;
  const stub = hint
    ? namespace.get(namespace.idFromName(name), {
        locationHint: hint as DurableObjectLocationHint,
      })
    : namespace.getByName(name);
  const meter = meterOf(env);
  return meter ? meteredStub(stub, name, classOf(namespace, env), meter) : stub;
}

function classOf(namespace: unknown, env: Env): ObjectClass {
  if (namespace === env.ACCOUNT) return "Account";
  if (namespace === env.SKU) return "Sku";
  if (namespace === env.CODES) return "CodeVault";
  if (namespace === env.REHEARSAL) return "Rehearsal";
  if (namespace === env.OPEN_PAGES) return "OpenPages";
  if (namespace === env.WECHAT) return "WechatTokens";
  return namespace === env.GATE ? "Gate" : "Projector";
}
