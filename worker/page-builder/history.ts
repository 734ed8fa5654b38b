/** Which version of a document is shown at a moment, and what a command makes of its history. Pure. */
import { DAY_MS } from "../kernel/clock.ts";

/** The head of a document: its draft, what is online and what will be. Versions themselves are immutable rows. */
export interface PageHead {
  /** Raised by every change; a command names the one it saw. */
  readonly revision: number;
  readonly draft: unknown;
  /** Newest version ever made; 0: none. */
  readonly newestVersion: number;
  readonly publishedVersion: number | null;
  readonly publishedAtMs: number | null;
  readonly scheduledVersion: number | null;
  readonly scheduledAtMs: number | null;
}

export const EMPTY_HEAD: PageHead = {
  ...{ revision: 0, draft: null, newestVersion: 0 },
  ...{ publishedVersion: null, publishedAtMs: null },
  ...{ scheduledVersion: null, scheduledAtMs: null },
};

/** Furthest a publication may be scheduled ahead. */
export const SCHEDULE_AHEAD_MS_MAX = 180 * DAY_MS;

export type PageCommand =
  | { readonly kind: "save"; readonly body: unknown }
  /** `atMs` null: now. `of`: an earlier version, instead of the draft. */
  | {
      readonly kind: "publish";
      readonly atMs: number | null;
      readonly of: { readonly version: number; readonly body: unknown } | null;
    }
  | { readonly kind: "unschedule" }
  /** `body` null: as before anything was published. `keepsDraft`: what is being written stays, only what members see goes back. */
  | {
      readonly kind: "roll_back";
      readonly version: number;
      readonly body: unknown;
      readonly keepsDraft: boolean;
    };

export interface NewVersion {
  readonly version: number;
  readonly body: unknown;
  /** The version whose content it repeats; null: made from the draft. */
  readonly restores: number | null;
}

export type PageOutcome =
  | { readonly ok: true; readonly head: PageHead; readonly version: NewVersion | null }
  | { readonly ok: false; readonly reason: "revision" | "no_draft" | "time" | "not_scheduled" };

/** What visitors see. A schedule needs no alarm: it is in force from its moment on, by reading. */
export function shownVersion(head: PageHead, nowMs: number): number | null {
  const { scheduledVersion, scheduledAtMs } = head;
  if (scheduledVersion !== null && scheduledAtMs !== null && scheduledAtMs <= nowMs) {
    return scheduledVersion;
  }
  return head.publishedVersion;
}

/** A schedule that has come is what is published, so that a later command does not lose it. */
function settled(head: PageHead, nowMs: number): PageHead {
  if (head.scheduledAtMs === null || head.scheduledAtMs > nowMs) return head;
  return {
    ...head,
    publishedVersion: head.scheduledVersion,
    publishedAtMs: head.scheduledAtMs,
    scheduledVersion: null,
    scheduledAtMs: null,
  };
}

export function applyPageCommand(
  stored: PageHead,
  revision: number,
  command: PageCommand,
  nowMs: number,
): PageOutcome {
  if (revision !== stored.revision) return { ok: false, reason: "revision" };
  const head = { ...settled(stored, nowMs), revision: stored.revision + 1 };
  switch (command.kind) {
    case "save":
      return { ok: true, head: { ...head, draft: command.body }, version: null };
    case "unschedule":
      if (head.scheduledVersion === null) return { ok: false, reason: "not_scheduled" };
      return {
        ok: true,
        head: { ...head, scheduledVersion: null, scheduledAtMs: null },
        version: null,
      };
    case "roll_back":
      return rolledBack(head, command, nowMs);
    case "publish":
      return published(head, command, nowMs);
  }
}

function rolledBack(
  head: PageHead,
  { version: restores, body, keepsDraft }: Extract<PageCommand, { kind: "roll_back" }>,
  nowMs: number,
): PageOutcome {
  // The draft follows: what is edited next starts from what is shown.
  const draft = keepsDraft ? head.draft : body;
  if (body === null) {
    const none = { publishedVersion: null, publishedAtMs: null };
    return { ok: true, head: { ...head, ...none, draft }, version: null };
  }
  const version = head.newestVersion + 1;
  return {
    ok: true,
    head: {
      ...{ ...head, draft, newestVersion: version },
      ...{ publishedVersion: version, publishedAtMs: nowMs },
    },
    version: { version, body, restores },
  };
}

function published(
  head: PageHead,
  { atMs, of }: Extract<PageCommand, { kind: "publish" }>,
  nowMs: number,
): PageOutcome {
  const body = of?.body ?? head.draft;
  if (body === null) return { ok: false, reason: "no_draft" };
  if (atMs !== null && (atMs <= nowMs || atMs > nowMs + SCHEDULE_AHEAD_MS_MAX)) {
    return { ok: false, reason: "time" };
  }
  const version = head.newestVersion + 1;
  const made = { version, body, restores: of?.version ?? null };
  const when =
    atMs === null
      ? { publishedVersion: version, publishedAtMs: nowMs }
      : { scheduledVersion: version, scheduledAtMs: atMs };
  return { ok: true, head: { ...head, ...when, newestVersion: version }, version: made };
}
