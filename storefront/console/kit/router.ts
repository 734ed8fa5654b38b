import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";

export const BASE = "/console";

/** Asked before the page is left; false keeps it. */
type Guard = () => boolean | Promise<boolean>;

/** The address of the console and the ways to another. Real paths and real history: reload, back and bookmarks work. */
export class Router {
  readonly #listeners = new Set<() => void>();
  readonly #guards = new Set<Guard>();
  #at = location.href;
  #hasMoved = false;

  constructor() {
    addEventListener("popstate", () => void this.#popped());
    addEventListener("beforeunload", (event) => {
      if (this.#guards.size > 0) event.preventDefault();
    });
    document.addEventListener("click", (event) => this.#clicked(event));
  }

  /** Somebody came here from another page of the console. */
  get hasMoved(): boolean {
    return this.#hasMoved;
  }

  get path(): string {
    return new URL(this.#at).pathname;
  }

  get query(): URLSearchParams {
    return new URL(this.#at).searchParams;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** As long as it stands, leaving asks it first. */
  guard(guard: Guard): () => void {
    this.#guards.add(guard);
    return () => this.#guards.delete(guard);
  }

  /** `replace` leaves no step in the history, as for what is typed into a filter. */
  async go(to: string, { replace = false }: { replace?: boolean } = {}): Promise<void> {
    const url = new URL(to, this.#at);
    const isPageLeft = url.pathname !== this.path;
    if (isPageLeft && !(await this.#mayLeave())) return;
    if (replace) history.replaceState(history.state, "", url);
    else history.pushState(null, "", url);
    this.#moved(isPageLeft);
  }

  #moved(isPageLeft: boolean): void {
    this.#at = location.href;
    if (isPageLeft) {
      scrollTo(0, 0);
      this.#hasMoved = true;
    }
    for (const listener of this.#listeners) listener();
  }

  async #mayLeave(): Promise<boolean> {
    for (const guard of this.#guards) if (!(await guard())) return false;
    return true;
  }

  async #popped(): Promise<void> {
    const wanted = location.href;
    if (this.#guards.size > 0 && new URL(wanted).pathname !== this.path) {
      // The browser has gone back already; the page stays until its person agrees.
      history.pushState(null, "", this.#at);
      if (!(await this.#mayLeave())) return;
      history.replaceState(null, "", wanted);
    }
    this.#hasMoved = true;
    this.#moved(false);
  }

  #clicked(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.("a");
    if (!link || link.target !== "" || link.hasAttribute("download")) return;
    const url = new URL(link.href, location.href);
    const isOurs = url.pathname === BASE || url.pathname.startsWith(`${BASE}/`);
    if (
      url.origin !== location.origin ||
      !isOurs ||
      (url.hash !== "" && url.pathname === this.path)
    )
      return;
    event.preventDefault();
    void this.go(url.href);
  }
}

export const RouterContext = createContext<Router | null>(null);

export function useRouter(): Router {
  const router = useContext(RouterContext);
  if (!router) throw new Error("useRouter stands inside the shell");
  return router;
}

/** The address now; the component renders again when it changes. */
export function usePlace(): { path: string; query: URLSearchParams } {
  const router = useRouter();
  const [, setTurn] = useState(0);
  useEffect(() => router.subscribe(() => setTurn((turn) => turn + 1)), [router]);
  return { path: router.path, query: router.query };
}

/** What the address filters by, and how to change it: null or "" takes a word out, and paging begins anew. */
export function useQuery(): [
  URLSearchParams,
  (changes: Readonly<Record<string, string | null>>, options?: { replace?: boolean }) => void,
] {
  const router = useRouter();
  const { path, query } = usePlace();
  return [
    query,
    (changes, options) => {
      // Typed a moment before the page was left: what stands there now is another page's address.
      if (router.path !== path) return;
      const next = router.query;
      if (!("cursor" in changes)) next.delete("cursor");
      for (const [name, value] of Object.entries(changes)) {
        if (value === null || value === "") next.delete(name);
        else next.set(name, value);
      }
      const text = next.toString();
      void router.go(`${path}${text === "" ? "" : `?${text}`}`, options);
    },
  ];
}

/** Matches `:name` parts; null when the path is another. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/").filter(Boolean);
  const parts = path.split("/").filter(Boolean);
  if (wanted.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const given = parts[at] ?? "";
    if (part.startsWith(":")) {
      const value = decoded(given);
      if (value === null) return null;
      params[part.slice(1)] = value;
    } else if (part !== given) return null;
  }
  return params;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
