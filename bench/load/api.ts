/** The product's HTTP interface as the load tools use it. */
import type { OrderView } from "../../worker/accounts/wire.ts";
import type { SaleView, TicketResponse } from "../../worker/redemption/wire.ts";
import { HttpClient, type Reply, type RequestOptions } from "./http-client.ts";

export type { OrderView, SaleView, TicketResponse };

export interface Member {
  readonly memberId: string;
  readonly token: string;
}

export interface NewSale {
  readonly skuId: string;
  readonly title: string;
  readonly pricePoints: number;
  readonly priceFen?: number;
  readonly units: number;
  readonly limitPerMember: number;
  readonly quantityMax: number;
  readonly opensAtMs: number;
  readonly closesAtMs: number;
}

export interface AuditRow {
  readonly name: string;
  readonly checked: number;
  readonly inFlight: number;
  readonly ok: boolean;
  readonly figures: Readonly<Record<string, number | string>>;
}

interface AuditPage {
  readonly ok: boolean;
  readonly rows: readonly AuditRow[];
  readonly cursor: string | null;
}

/** A reply that this call did not expect; the status and the code say why. */
export class UnexpectedReply extends Error {
  readonly status: number;
  readonly code: string;

  constructor(what: string, reply: Reply) {
    const { code, detail } = readProblem(reply);
    super(`${what}: ${reply.status} ${code} ${detail}`.trim());
    this.status = reply.status;
    this.code = code;
  }
}

export function readProblem(reply: Reply): {
  code: string;
  detail: string;
  figures: Record<string, unknown>;
} {
  try {
    const figures = JSON.parse(reply.body) as Record<string, unknown>;
    return {
      code: String(figures["code"] ?? ""),
      detail: String(figures["detail"] ?? ""),
      figures,
    };
  } catch {
    return { code: "", detail: reply.body.slice(0, 200), figures: {} };
  }
}

interface ApprovalKind {
  readonly kind: string;
  readonly from: number | null;
  readonly version: number;
}

const STAFF_CALLS_MAX = 1_000;
/** Deep audit pages one run reads at most. */
const AUDIT_PAGES_MAX = 100_000;

export class ProductApi {
  readonly http: HttpClient;
  #staff: Promise<Member> | null = null;
  #staffCalls = 0;
  #isAlone: Promise<void> | null = null;

  constructor(origin: string, connectionsMax?: number) {
    this.http = new HttpClient(origin, connectionsMax);
  }

  close(): void {
    this.http.close();
  }

  async call<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const reply = await this.http.request(method, path, options);
    if (reply.status < 200 || reply.status > 299)
      throw new UnexpectedReply(`${method} ${path}`, reply);
    return JSON.parse(reply.body) as T;
  }

  async login(memberId: string, role: "member" | "staff" = "member"): Promise<Member> {
    const { token } = await this.call<{ token: string }>("POST", "/api/v1/dev/login", {
      body: { memberId, role },
    });
    return { memberId, token };
  }

  async staff<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { token } = await this.#staffMember();
    return this.call<T>(method, path, body === undefined ? { token } : { token, body });
  }

  /** Nobody may write without end, staff neither; so a set-up of thousands of grants has many hands. */
  #staffMember(): Promise<Member> {
    const shift = Math.floor(this.#staffCalls / STAFF_CALLS_MAX);
    if (this.#staffCalls % STAFF_CALLS_MAX === 0)
      this.#staff = this.login(`load-tools-${shift}`, "staff");
    this.#staffCalls += 1;
    return this.#staff as Promise<Member>;
  }

  createSku(skuId: string, title: string): Promise<unknown> {
    return this.staff("POST", "/api/v1/staff/skus", { skuId, title });
  }

  async createSale(sale: NewSale): Promise<SaleView> {
    const draft = await this.staff<SaleView>("POST", "/api/v1/staff/sales", sale);
    return this.command(draft.saleId, "schedule");
  }

  command(saleId: string, kind: "schedule" | "wave"): Promise<SaleView> {
    return this.staff("POST", `/api/v1/staff/sales/${saleId}/${kind}`);
  }

  /** Ends a running sale before its hour: one person proposes it, another agrees. */
  async endEarly(saleId: string): Promise<void> {
    const approvalId = `early-end-${crypto.randomUUID().slice(0, 13)}`;
    const body = { approvalId, reason: "load test" };
    await this.staff("POST", `/api/v1/staff/sales/${saleId}/early-end`, body);
    const { token } = await this.login("load-tools-second", "staff");
    await this.call("POST", `/api/v1/staff/approvals/${approvalId}/approve`, {
      token,
      body: { note: "" },
    });
  }

  restock(saleId: string, units: number): Promise<SaleView> {
    return this.staff("POST", `/api/v1/staff/sales/${saleId}/restock`, { units });
  }

  /** Load tools are alone: nobody is there to agree to their grants. */
  #mayGrantAlone(): Promise<void> {
    this.#isAlone ??= this.#grantsAlone();
    return this.#isAlone;
  }

  async #grantsAlone(): Promise<void> {
    const path = "/api/v1/staff/approval-kinds";
    const { kinds } = await this.staff<{ kinds: readonly ApprovalKind[] }>("GET", path);
    for (const { kind, from, version } of kinds) {
      if (!kind.startsWith("points.") || from === null) continue;
      await this.staff("PUT", `${path}/${kind}`, { from: null, version });
    }
  }

  async grant(memberId: string, points: number, idempotencyKey: string): Promise<unknown> {
    await this.#mayGrantAlone();
    const body = { points, reason: "load test", idempotencyKey };
    return this.staff("POST", `/api/v1/staff/members/${memberId}/grants`, body);
  }

  /** The same for up to a thousand members by one command. Throws when it is not granted to all of them. */
  async grantMany(
    memberIds: readonly string[],
    points: number,
    key: string,
    expiresAtMs: number | null = null,
  ): Promise<void> {
    await this.#mayGrantAlone();
    const body = { memberIds, points, reason: "load test", expiresAtMs, idempotencyKey: key };
    const reply = await this.staff<{ granted: number; repeated: number }>(
      "POST",
      "/api/v1/staff/grants",
      body,
    );
    const missing = memberIds.length - reply.granted - reply.repeated;
    if (missing > 0) throw new Error(`${missing} of ${memberIds.length} grants were refused`);
  }

  sale(saleId: string): Promise<SaleView> {
    return this.call("GET", `/api/v1/sales/${saleId}`);
  }

  async sales(): Promise<SaleView[]> {
    return (await this.call<{ sales: SaleView[] }>("GET", "/api/v1/sales")).sales;
  }

  async shallowAudit(): Promise<readonly AuditRow[]> {
    return (await this.staff<AuditPage>("GET", "/api/v1/audit")).rows;
  }

  /** Every page of the deep audit. */
  async deepAudit(onPage: (pages: number) => void = () => undefined): Promise<readonly AuditRow[]> {
    const rows: AuditRow[] = [];
    let cursor: string | null = null;
    for (let pages = 0; pages < AUDIT_PAGES_MAX; pages += 1) {
      const query: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page: AuditPage = await this.staff<AuditPage>("GET", `/api/v1/audit?deep=1${query}`);
      rows.push(...page.rows);
      onPage(pages + 1);
      cursor = page.cursor;
      if (cursor === null) return rows;
    }
    throw new Error("the deep audit has no end");
  }
}

/** Runs `work` over all items, a bounded number at a time. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T, at: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = Array.from({ length: items.length });
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const at = next;
      next += 1;
      results[at] = await work(items[at] as T, at);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));
