import { DurableObject } from "cloudflare:workers";
import type { Clock } from "../kernel/clock.ts";
import { invariant } from "../kernel/invariant.ts";
import { LIMITS } from "../kernel/limits.ts";
import { CommitQueue } from "../platform/commit-queue.ts";
import type { Env } from "../platform/env.ts";
import { meteredStorage } from "../platform/meter.ts";
import { migrateObject } from "../platform/object-migrations.ts";
import initSql from "../../migrations/codes/0001_init.sql";

/** A code that is here, as it lies. */
export interface KeptCode {
  readonly codeId: number;
  readonly sealed: string;
}

export interface SealedCode {
  readonly sealed: string;
  /** Keyed hash of the code, so that it is not taken in twice. */
  readonly print: string;
}

export interface ImportReply {
  readonly added: number;
  /** Which of the codes sent were here already, by their place in the list. */
  readonly duplicates: readonly number[];
  readonly free: number;
}

export type IssueReply =
  | { readonly kind: "issued"; readonly isRepeat: boolean; readonly free: number }
  /** Nothing was issued: an order gets all of its codes or none. */
  | { readonly kind: "short"; readonly free: number }
  | { readonly kind: "returned" };

export interface RevealRequest {
  readonly orderKey: string;
  /** `member`, or `staff:<id>`. */
  readonly by: string;
  /** Empty at the first look of the member; asked for at every later one. */
  readonly reason: string;
}

export type RevealReply =
  | {
      readonly kind: "revealed";
      readonly sealed: readonly string[];
      readonly isFirst: boolean;
      readonly firstAtMs: number;
    }
  | { readonly kind: "reason_needed"; readonly firstAtMs: number }
  | { readonly kind: "not_issued" };

export type TakeBackReply = { readonly kind: "returned" | "revealed" };

export interface VaultStanding {
  readonly free: number;
  readonly issued: number;
  readonly withdrawn: number;
  readonly revealed: number;
}

export interface RevealRecord {
  readonly by: string;
  readonly reason: string;
  readonly atMs: number;
}

export const CODES_PER_IMPORT_MAX = 2_000;

/**
 * The authority for the card codes of one SKU: which are free, and whose each is. One code goes to one order, once. The
 * object never sees a code in clear; it keeps what the Worker sealed.
 */
export class CodeVault extends DurableObject<Env> {
  /** Injected by tests; an own property, so it cannot be reached over RPC. */
  clock: Clock = () => Date.now();
  readonly #sql: SqlStorage;
  readonly #commits: CommitQueue;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const storage = meteredStorage(ctx.storage, "CodeVault", env);
    migrateObject(storage, [{ id: 1, sql: initSql }]);
    this.#sql = storage.sql;
    const nothing = (): void => undefined;
    this.#commits = new CommitQueue(storage, {
      beforeCommit: nothing,
      afterCommit: nothing,
      forget: nothing,
    });
  }

  /** Idempotent by the codes themselves: a repeated import finds all of them here. */
  import(batchId: string, codes: readonly SealedCode[]): Promise<ImportReply> {
    invariant(codes.length <= CODES_PER_IMPORT_MAX, "an import of codes is bounded");
    return this.#commits.run(() => {
      const duplicates: number[] = [];
      codes.forEach(({ sealed, print }, at) => {
        const added = this.#sql.exec(
          `INSERT INTO codes (sealed, print, batch_id, state, imported_at_ms) VALUES (?, ?, ?, 'free', ?)
           ON CONFLICT (print) DO NOTHING RETURNING code_id`,
          ...[sealed, print, batchId, this.clock()],
        );
        if (added.toArray().length === 0) duplicates.push(at);
      });
      return { added: codes.length - duplicates.length, duplicates, free: this.#count("free") };
    });
  }

  /** All codes of an order in one commit, the oldest first; the same order again gets the same codes. */
  issue(orderKey: string, quantity: number): Promise<IssueReply> {
    invariant(quantity > 0 && quantity <= LIMITS.quantityMax, "an order has some codes");
    return this.#commits.run((): IssueReply => {
      const known = this.#issueOf(orderKey);
      if (known?.state === "returned") return { kind: "returned" };
      if (known) return { kind: "issued", isRepeat: true, free: this.#count("free") };
      const free = this.#sql
        .exec<{ code_id: number }>(
          "SELECT code_id FROM codes WHERE state = 'free' ORDER BY code_id LIMIT ?",
          quantity,
        )
        .toArray();
      if (free.length < quantity) return { kind: "short", free: free.length };
      for (const { code_id: codeId } of free) {
        this.#sql.exec(
          "UPDATE codes SET state = 'issued', order_key = ? WHERE code_id = ? AND state = 'free'",
          ...[orderKey, codeId],
        );
      }
      this.#sql.exec(
        "INSERT INTO issues (order_key, quantity, state, issued_at_ms) VALUES (?, ?, 'issued', ?)",
        ...[orderKey, quantity, this.clock()],
      );
      return { kind: "issued", isRepeat: false, free: this.#count("free") };
    });
  }

  /** The codes of an order, sealed. The first look is the member's; whoever looks again says why. */
  reveal(request: RevealRequest): Promise<RevealReply> {
    const { orderKey, by, reason } = request;
    return this.#commits.run((): RevealReply => {
      const issue = this.#issueOf(orderKey);
      if (issue?.state !== "issued") return { kind: "not_issued" };
      const nowMs = this.clock();
      const firstAtMs = issue.first_revealed_at_ms;
      const isFirst = firstAtMs === null && by === "member";
      if (!isFirst && reason === "") return { kind: "reason_needed", firstAtMs: firstAtMs ?? 0 };
      this.#sql.exec(
        "INSERT INTO reveals (order_key, by, reason, at_ms) VALUES (?, ?, ?, ?)",
        ...[orderKey, by, reason, nowMs],
      );
      if (firstAtMs === null) {
        this.#sql.exec(
          "UPDATE issues SET first_revealed_at_ms = ? WHERE order_key = ?",
          ...[nowMs, orderKey],
        );
      }
      const sealed = this.#sql
        .exec<{ sealed: string }>(
          "SELECT sealed FROM codes WHERE order_key = ? ORDER BY code_id",
          orderKey,
        )
        .toArray()
        .map((row) => row.sealed);
      invariant(sealed.length === issue.quantity, "an order has all of its codes");
      return { kind: "revealed", sealed, isFirst, firstAtMs: firstAtMs ?? nowMs };
    });
  }

  /**
   * The order was given back. Codes that nobody saw go to the next order; those that somebody saw never do. An order without codes gets
   * none any more: the call that issues them may still be on its way.
   */
  takeBack(orderKey: string, quantity: number): Promise<TakeBackReply> {
    return this.#commits.run((): TakeBackReply => {
      const issue = this.#issueOf(orderKey);
      if (!issue) {
        this.#sql.exec(
          "INSERT INTO issues (order_key, quantity, state, issued_at_ms) VALUES (?, ?, 'returned', ?)",
          ...[orderKey, quantity, this.clock()],
        );
        return { kind: "returned" };
      }
      if (issue.state === "returned") return { kind: "returned" };
      if (issue.first_revealed_at_ms !== null) return { kind: "revealed" };
      this.#sql.exec(
        "UPDATE codes SET state = 'free', order_key = NULL WHERE order_key = ?",
        orderKey,
      );
      this.#sql.exec("UPDATE issues SET state = 'returned' WHERE order_key = ?", orderKey);
      return { kind: "returned" };
    });
  }

  /** Takes the free codes of an import out of circulation: a list that was sold twice, a supplier's recall. */
  withdraw(batchId: string): Promise<{ withdrawn: number }> {
    return this.#commits.run(() => {
      const withdrawn = this.#sql
        .exec<{ n: number }>(
          "SELECT COUNT(*) AS n FROM codes WHERE batch_id = ? AND state = 'free'",
          batchId,
        )
        .one().n;
      this.#sql.exec(
        "UPDATE codes SET state = 'withdrawn' WHERE batch_id = ? AND state = 'free'",
        batchId,
      );
      return { withdrawn };
    });
  }

  async standing(): Promise<VaultStanding> {
    const revealed = this.#sql
      .exec<{ n: number }>(
        "SELECT COALESCE(SUM(quantity), 0) AS n FROM issues WHERE first_revealed_at_ms IS NOT NULL",
      )
      .one().n;
    return {
      free: this.#count("free"),
      issued: this.#count("issued"),
      withdrawn: this.#count("withdrawn"),
      revealed,
    };
  }

  /** Who saw an order's codes, newest first. */
  async looks(orderKey: string): Promise<RevealRecord[]> {
    return this.#sql
      .exec<{ by: string; reason: string; at_ms: number }>(
        "SELECT by, reason, at_ms FROM reveals WHERE order_key = ? ORDER BY position DESC LIMIT 100",
        orderKey,
      )
      .toArray()
      .map(({ by, reason, at_ms: atMs }) => ({ by, reason, atMs }));
  }

  /** After a rotation: codes that lie under another data key than this one, some at a time. */
  async sealedUnderOthers(version: number, after: number): Promise<KeptCode[]> {
    return this.#sql
      .exec<{ code_id: number; sealed: string }>(
        "SELECT code_id, sealed FROM codes WHERE code_id > ? AND sealed NOT LIKE ? || '%' ORDER BY code_id LIMIT 200",
        ...[after, `s1.${version}.`],
      )
      .toArray()
      .map(({ code_id: codeId, sealed }) => ({ codeId, sealed }));
  }

  resealed(codes: readonly KeptCode[]): Promise<void> {
    return this.#commits.run(() => {
      for (const { codeId, sealed } of codes) {
        this.#sql.exec("UPDATE codes SET sealed = ? WHERE code_id = ?", ...[sealed, codeId]);
      }
    });
  }

  #count(state: "free" | "issued" | "withdrawn"): number {
    return this.#sql
      .exec<{ n: number }>("SELECT COUNT(*) AS n FROM codes WHERE state = ?", state)
      .one().n;
  }

  #issueOf(orderKey: string): {
    state: string;
    quantity: number;
    first_revealed_at_ms: number | null;
  } | null {
    const [row] = this.#sql
      .exec<{ state: string; quantity: number; first_revealed_at_ms: number | null }>(
        "SELECT state, quantity, first_revealed_at_ms FROM issues WHERE order_key = ?",
        orderKey,
      )
      .toArray();
    return row ?? null;
  }
}
