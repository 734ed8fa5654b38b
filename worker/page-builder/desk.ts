/** One staff call on the pages of its programme: read, decide, write. */
import type { Code } from "../kernel/refusal.ts";
import type { Env } from "../platform/env.ts";
import type { Session } from "../platform/http/api.ts";
import {
  DEFAULT_HOME,
  DEFAULT_LOOK,
  HOME,
  LOOK,
  lookSchema,
  pageBodySchema,
  type PageBody,
} from "./document.ts";
import { applyPageCommand, shownVersion, type PageCommand } from "./history.ts";
import { forgetShown } from "./shown.ts";
import { PageStore, type StoredHead } from "./store.ts";
import type { PageDocumentView, PageVersionView } from "./wire.ts";

interface Call {
  readonly env: Env;
  readonly session: Session;
  readonly nowMs: number;
}

export type Decided =
  | { readonly ok: true; readonly view: PageDocumentView }
  | {
      readonly ok: false;
      readonly code: Code;
      readonly figures: Readonly<Record<string, unknown>>;
    };

const EMPTY_PAGE: PageBody = { ...DEFAULT_HOME, title: "新页面", blocks: [] };
const asRecord = (value: unknown): Record<string, unknown> => value as Record<string, unknown>;

/** A page that nobody ever saved; home and look are always there. */
const isMissing = (pageId: string, { revision }: StoredHead): boolean =>
  revision === 0 && pageId !== HOME && pageId !== LOOK;

export class PageDesk {
  readonly #store: PageStore;
  readonly #programmeId: string;
  readonly #staffId: string;
  readonly #nowMs: number;

  constructor({ env, session, nowMs }: Call) {
    this.#store = new PageStore(env.DB);
    this.#programmeId = session.programmeId;
    this.#staffId = session.memberId;
    this.#nowMs = nowMs;
  }

  /** Home and look stand in the list before anybody has saved them. */
  async list(): Promise<PageDocumentView[]> {
    const stored = await this.#store.pages(this.#programmeId);
    const ids = new Set([HOME, LOOK, ...stored.map(({ pageId }) => pageId)]);
    return Promise.all(
      [...ids].map(async (pageId) => {
        const head = stored.find((one) => one.pageId === pageId);
        return this.#view(pageId, head ?? (await this.#store.head(this.#programmeId, pageId)));
      }),
    );
  }

  /** Null: nobody ever saved such a page. */
  async whole(
    pageId: string,
  ): Promise<(PageDocumentView & { versions: PageVersionView[] }) | null> {
    const head = await this.#store.head(this.#programmeId, pageId);
    if (isMissing(pageId, head)) return null;
    const [view, versions] = await Promise.all([
      this.#view(pageId, head),
      this.#store.versions(this.#programmeId, pageId),
    ]);
    return { ...view, versions };
  }

  version(pageId: string, version: number): Promise<unknown> {
    return this.#store.body(this.#programmeId, pageId, version);
  }

  async save(pageId: string, revision: number, given: unknown): Promise<Decided> {
    const parsed = (pageId === LOOK ? lookSchema : pageBodySchema).safeParse(given);
    if (!parsed.success) {
      const errors = parsed.error.issues.slice(0, 20).map(({ path, message }) => ({
        path: ["body", ...path].join("."),
        message,
      }));
      return { ok: false, code: "invalid", figures: { errors } };
    }
    return this.decide(pageId, revision, { kind: "save", body: parsed.data });
  }

  /** The draft, or an earlier version. */
  async publish(
    pageId: string,
    revision: number,
    { atMs, version }: { readonly atMs: number | null; readonly version?: number | undefined },
  ): Promise<Decided> {
    const body = version === undefined ? null : await this.version(pageId, version);
    if (body === undefined) return { ok: false, code: "not_found", figures: {} };
    const of = version === undefined ? null : { version, body };
    return this.decide(pageId, revision, { kind: "publish", atMs, of });
  }

  /** Version 0: as before anything was published. */
  async rollBack(
    pageId: string,
    revision: number,
    { version, keepsDraft }: { readonly version: number; readonly keepsDraft: boolean },
  ): Promise<Decided> {
    const body = version === 0 ? null : await this.version(pageId, version);
    if (body === undefined) return { ok: false, code: "not_found", figures: {} };
    return this.decide(pageId, revision, { kind: "roll_back", version, body, keepsDraft });
  }

  async decide(pageId: string, revision: number, command: PageCommand): Promise<Decided> {
    const stored = await this.#store.head(this.#programmeId, pageId);
    if (command.kind !== "save" && isMissing(pageId, stored)) {
      return { ok: false, code: "not_found", figures: {} };
    }
    const outcome = applyPageCommand(stored, revision, command, this.#nowMs);
    if (!outcome.ok) return refused(outcome.reason, stored);
    const at = { programmeId: this.#programmeId, pageId };
    const by = { savedBy: this.#staffId, nowMs: this.#nowMs };
    const isSaved = await this.#store.save(at, outcome.head, outcome.version, by);
    if (!isSaved) return refused("revision", await this.#store.head(this.#programmeId, pageId));
    forgetShown(this.#programmeId, pageId);
    const head = { ...outcome.head, savedBy: this.#staffId, savedAtMs: this.#nowMs };
    return { ok: true, view: await this.#view(pageId, head) };
  }

  async #view(pageId: string, head: StoredHead): Promise<PageDocumentView> {
    const version = shownVersion(head, this.#nowMs);
    const fallback = pageId === LOOK ? DEFAULT_LOOK : pageId === HOME ? DEFAULT_HOME : EMPTY_PAGE;
    const shown = version === null ? fallback : await this.version(pageId, version);
    const { draft, scheduledAtMs, ...rest } = head;
    const isComing = scheduledAtMs !== null && scheduledAtMs > this.#nowMs;
    return {
      pageId,
      revision: rest.revision,
      draft: draft === null ? null : asRecord(draft),
      shown: asRecord(shown),
      newestVersion: rest.newestVersion,
      shownVersion: version,
      publishedAtMs: isComing || scheduledAtMs === null ? rest.publishedAtMs : scheduledAtMs,
      scheduledVersion: isComing ? rest.scheduledVersion : null,
      scheduledAtMs: isComing ? scheduledAtMs : null,
      isChanged: draft !== null && JSON.stringify(draft) !== JSON.stringify(shown),
      savedBy: rest.savedBy,
      savedAtMs: rest.savedAtMs,
    };
  }
}

function refused(
  reason: "revision" | "no_draft" | "time" | "not_scheduled",
  stored: StoredHead,
): Decided {
  const { revision, savedBy, savedAtMs } = stored;
  // The later one is told by whom, and keeps its own text: nothing was written over.
  if (reason === "revision") {
    return { ok: false, code: "conflict", figures: { reason, revision, savedBy, savedAtMs } };
  }
  if (reason === "time") {
    const message = "a moment from now to 180 days ahead";
    return { ok: false, code: "invalid", figures: { errors: [{ path: "atMs", message }] } };
  }
  return { ok: false, code: "conflict", figures: { reason, revision } };
}
