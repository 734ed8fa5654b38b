/** The audit entry of one call on a staff route: begun by the route, completed by its handler, closed with the answer's status. */
import { redacted } from "../../kernel/redact.ts";
import type { StaffRight } from "../../kernel/permission.ts";
import type { Session } from "./api.ts";

/** What a handler adds. Values are redacted before they are kept, so a whole row may be given. */
export interface AuditNote {
  /** What was acted on: `goods:travel-cup`, `member:m-1`. Without it, the path's parameters. */
  readonly subject?: string;
  readonly before?: unknown;
  readonly after?: unknown;
  /** Why, in the words of whoever did it. */
  readonly reason?: string;
  /** Another word than the route's: `staff.sign_in`. */
  readonly action?: string;
  /** The call only looked, at nothing that is anybody's secret: a preview, a dry run. A refused right is told all the same. */
  readonly isLook?: boolean;
}

export interface AuditedCall {
  readonly programmeId: string;
  readonly atMs: number;
  /** `staff:<id>`. */
  readonly actor: string;
  readonly actorName: string;
  /** `post /api/v1/staff/sales/{saleId}/pause`, or the handler's word. */
  readonly action: string;
  readonly permission: string;
  readonly subject: string;
  readonly status: number;
  readonly reason: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly address: string;
}

export class Audit {
  readonly #route: {
    readonly method: string;
    readonly path: string;
    readonly permission?: StaffRight | undefined;
  };
  readonly #request: Request;
  readonly #atMs: number;
  #subject = "";
  #body: unknown;
  #note: AuditNote | null = null;

  constructor(
    route: {
      readonly method: string;
      readonly path: string;
      readonly permission?: StaffRight | undefined;
    },
    request: Request,
    atMs: number,
  ) {
    this.#route = route;
    this.#request = request;
    this.#atMs = atMs;
  }

  asked(params: unknown, body: unknown): void {
    const ids = Object.entries((params ?? {}) as Record<string, unknown>);
    this.#subject = ids
      .map(([name, value]) => `${name.replace(/Id$/, "")}:${String(value)}`)
      .join(" ");
    this.#body = body;
  }

  note(note: AuditNote): void {
    this.#note = { ...this.#note, ...note };
  }

  /** Null: nothing to write down. Refusals for a wrong form or state changed nothing; a refused right is told, and so is a fault. */
  close(session: Session, status: number): AuditedCall | null {
    const { method, path, permission } = this.#route;
    const isWrite = method !== "get";
    if (this.#note?.isLook === true && status < 500) return null;
    if (!this.#note && !(isWrite && (status < 400 || status === 403 || status >= 500))) return null;
    const { subject, before, after, reason, action } = this.#note ?? {};
    return {
      programmeId: session.programmeId,
      atMs: this.#atMs,
      actor: `staff:${session.memberId}`,
      actorName: session.staff?.name ?? session.memberId,
      action: action ?? `${method} ${path}`,
      permission: permission ?? "",
      subject: (subject ?? this.#subject).slice(0, 200),
      status,
      reason: (reason ?? "").slice(0, 200),
      before: redacted(before) ?? null,
      after: redacted(after === undefined ? this.#body : after) ?? null,
      address: addressOf(this.#request),
    };
  }
}

/** Where a request came from; empty without Cloudflare before us. */
export function addressOf(request: Request): string {
  return (request.headers.get("cf-connecting-ip") ?? "").slice(0, 45);
}
