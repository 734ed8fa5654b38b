import type { PageData } from "../../worker/pages/page-data.ts";

/** How a page follows what the merchant changes while it lies open. */
export interface Following {
  /** Whether now all of it is read, or only what it wears. */
  readonly isWhole: () => boolean;
  /** It hears of commands to its sale by itself. */
  readonly hasDoor?: boolean;
  /** Takes the page up anew. Nothing that the member has begun may be lost. */
  readonly renew: (fresh: PageData) => void;
}

/** Most visits to a page are shorter, and have no use for a line to the shop. */
const LISTEN_AFTER_MS = 3_000;

export function follow({ page, isPreview }: PageData, following: Following): void {
  // A page kept on this phone reads itself anew as soon as there is a network.
  if (isPreview || page === "problem" || document.documentElement.dataset["savedAt"]) return;
  setTimeout(() => {
    import("./keep-current.ts").then(
      ({ keepCurrent }) => keepCurrent(following),
      () => undefined,
    );
  }, LISTEN_AFTER_MS);
}
