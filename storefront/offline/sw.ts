/**
 * The service worker of members' pages, and of the desk of a store. Everything is asked of the network first and unchanged; only
 * when there is none, a kept page is shown, marked with its time. It keeps nothing under /api/, no sale, and of the console the desk.
 */
import {
  asSaved,
  ASSETS_CACHE,
  changesClerk,
  changesMember,
  consoleAssetsIn,
  DESK_ASSETS_CACHE,
  DESK_CACHE,
  isDesk,
  isWaitedFor,
  PAGES_CACHE,
  shelfOf,
  vouchersIn,
  type Shelf,
} from "./kept-page.ts";

/** Put in by the build: a name that changes with the files, and what kept pages are made of. */
declare const OFFLINE_BUILD: string;
declare const OFFLINE_ASSETS: readonly string[];

/** The parts of a service worker's world that are used here; TypeScript has them in a library that forbids the DOM's. */
interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Waiting {
  readonly request: Request;
  readonly preloadResponse: Promise<Response | undefined>;
  readonly clientId: string;
  respondWith(response: Promise<Response>): void;
}
interface Told extends Waiting {
  readonly data: unknown;
}
interface World {
  readonly location: Location;
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { get(id: string): Promise<{ readonly url: string } | undefined> };
  skipWaiting(): Promise<void>;
  addEventListener(name: "install" | "activate", then: (event: Waiting) => void): void;
  addEventListener(name: "fetch", then: (event: Fetching) => void): void;
  addEventListener(name: "message", then: (event: Told) => void): void;
}
const world = self as unknown as World;

const SAVED_AT = "x-saved-at";
const OWNER = "x-owner";
const ASSETS = ASSETS_CACHE + OFFLINE_BUILD;
const OFFLINE = { "zh-CN": "/offline?lang=zh-CN", en: "/offline?lang=en" } as const;
/** Nobody at a till waits for a network that is nearly gone. */
const TILL_WAIT_MS = 4_000;
/** Fetched ahead again no sooner than this; a voucher's page has codes for two hours. */
const FETCH_AHEAD_MS = 10 * 60_000;

/** Raised when the pages are forgotten, so that what is still being read for the one before is not kept. */
let generation = 0;

async function forget(cache: string): Promise<void> {
  generation += 1;
  await caches.delete(cache);
}

/** Keeps a page of whoever is signed in; one of anybody else clears what was kept. Answers the page. */
async function keep(
  shelf: Shelf,
  path: string,
  response: Response,
  since: number,
): Promise<string> {
  const html = await response.text();
  const { owner, isKeepable } = shelf.ownerOf(html);
  // Before the page: without them it would open to nothing.
  if (isKeepable && isDesk(path)) await keepAssets(consoleAssetsIn(html));
  const cache = await caches.open(shelf.cache);
  const [any] = await cache.keys();
  const before = any && (await cache.match(any))?.headers.get(OWNER);
  // Forgotten meanwhile: this page is of a session that has ended.
  if (generation !== since) return html;
  if (before && before !== encodeURIComponent(owner ?? "")) await forget(shelf.cache);
  if (!isKeepable || owner === null) return html;
  const headers = new Headers(response.headers);
  headers.set(SAVED_AT, String(Date.now()));
  headers.set(OWNER, encodeURIComponent(owner));
  const pages = await caches.open(shelf.cache);
  await pages.delete(path);
  await pages.put(path, new Response(html, { headers }));
  const keys = await pages.keys();
  await Promise.all(keys.slice(0, -shelf.pagesMax).map((old) => pages.delete(old)));
  return html;
}

/** What the desk is made of, as of its build; what its camera fetched later stays until the next one. */
async function keepAssets(paths: readonly string[]): Promise<void> {
  const cache = await caches.open(DESK_ASSETS_CACHE);
  const known = await Promise.all(paths.map((path) => cache.match(path)));
  if (known.every(Boolean)) return;
  for (const old of await cache.keys()) await cache.delete(old);
  await cache.addAll([...paths]);
}

async function deskAsset(event: Fetching, path: string): Promise<Response> {
  const found = await caches.match(path);
  if (found) return found;
  const response = await fetch(event.request);
  const asker = await world.clients.get(event.clientId);
  if (response.ok && asker && isDesk(new URL(asker.url).pathname)) {
    const copy = response.clone();
    event.waitUntil(caches.open(DESK_ASSETS_CACHE).then((cache) => cache.put(path, copy)));
  }
  return response;
}

async function savedPage(shelf: Shelf, path: string): Promise<Response | null> {
  const found = await (await caches.open(shelf.cache)).match(path);
  const savedAtMs = Number(found?.headers.get(SAVED_AT) ?? 0);
  if (!found || Date.now() - savedAtMs > shelf.ageMaxMs) return null;
  const html = asSaved(await found.text(), savedAtMs, Date.now());
  return new Response(html, { headers: found.headers });
}

/** In the language that pages were in last: a service worker cannot read cookies everywhere. */
async function offlinePage(): Promise<Response> {
  const cache = await caches.open(PAGES_CACHE);
  const keys = await cache.keys();
  const last = keys[keys.length - 1];
  const html = last && (await (await cache.match(last))?.text());
  const isEnglish = html ? html.includes('<html lang="en"') : !navigator.language.startsWith("zh");
  return (await caches.match(OFFLINE[isEnglish ? "en" : "zh-CN"])) ?? Response.error();
}

const LISTS_VOUCHERS = /^\/(?:me|orders)$/;

/** Reads a page in the member's name and keeps it, and the vouchers that it leads to. */
async function fetchAhead(path: string): Promise<void> {
  const shelf = shelfOf(path);
  if (!shelf) return;
  const since = generation;
  const response = await fetch(path, { redirect: "manual" });
  if (response.status !== 200) return;
  const html = await keep(shelf, path, response, since);
  if (LISTS_VOUCHERS.test(path)) await vouchersAhead(html);
}

async function vouchersAhead(html: string): Promise<void> {
  const cache = await caches.open(PAGES_CACHE);
  for (const path of vouchersIn(html)) {
    const known = await cache.match(path);
    const ageMs = Date.now() - Number(known?.headers.get(SAVED_AT) ?? 0);
    if (ageMs > FETCH_AHEAD_MS) await fetchAhead(path);
  }
}

/**
 * A navigation was asked of the network ahead of this worker. Left alone it would be asked a second time, and a code that is
 * good once, as in the address that WeChat sends a browser back to, would be used up by the first.
 */
async function handedOn(event: Fetching): Promise<Response> {
  return (await event.preloadResponse) ?? fetch(event.request);
}

/**
 * What the way back brings, browsers take from their own cache, however old and with or without a network: a voucher on it would
 * have the code of then. So it is asked for again, as any other page is.
 */
const isWayBack = ({ request }: Fetching): boolean => request.cache === "force-cache";

async function fresh(event: Fetching): Promise<Response> {
  const ahead = Promise.resolve(event.preloadResponse);
  if (!isWayBack(event)) return (await ahead) ?? fetch(event.request);
  // Asked ahead out of that cache too: nobody waits for it.
  ahead.catch(() => undefined);
  return fetch(event.request, { cache: "no-cache" });
}

/** The network's answer, or null: there is none, or it takes longer than may be waited. */
async function fromNetwork(event: Fetching, waitMs: number | null): Promise<Response | null> {
  const answer = fresh(event).catch(() => null);
  if (waitMs === null) return answer;
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), waitMs));
  return (await Promise.race([answer, late])) ?? null;
}

async function page(event: Fetching, path: string): Promise<Response> {
  const since = generation;
  const shelf = shelfOf(path);
  const saved = shelf && (await savedPage(shelf, path));
  const response = await fromNetwork(event, saved && isWaitedFor(path) ? TILL_WAIT_MS : null);
  if (response === null) return saved ?? offlinePage();
  // Asked to sign in: the session has ended.
  if (shelf && response.type === "opaqueredirect") event.waitUntil(forget(shelf.cache));
  const isWhole = response.status === 200 && new URL(event.request.url).search === "";
  if (shelf && isWhole) {
    const copy = response.clone();
    event.waitUntil(
      keep(shelf, path, copy, since).then((html) =>
        LISTS_VOUCHERS.test(path) ? vouchersAhead(html) : undefined,
      ),
    );
  }
  return response;
}

world.addEventListener("install", (event) => {
  const offline = Object.values(OFFLINE).map((url) => new Request(url, { credentials: "omit" }));
  event.waitUntil(
    caches
      .open(ASSETS)
      .then((cache) => cache.addAll([...offline, ...OFFLINE_ASSETS]))
      .then(() => world.skipWaiting()),
  );
});

world.addEventListener("activate", (event) => {
  const tidy = async (): Promise<void> => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith(ASSETS_CACHE) && name !== ASSETS);
    await Promise.all(old.map((name) => caches.delete(name)));
    await world.registration.navigationPreload?.enable();
    if (old.length === 0) return;
    // Kept pages ask for the files they were made with: read them anew, as of this build.
    for (const { url } of await (await caches.open(PAGES_CACHE)).keys()) {
      await fetchAhead(new URL(url).pathname);
    }
  };
  event.waitUntil(tidy());
});

world.addEventListener("message", (event) => {
  const { keep: path } = (event.data ?? {}) as { keep?: unknown };
  if (typeof path === "string") event.waitUntil(fetchAhead(path));
});

world.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== world.location.origin) return;
  if (changesMember(request.method, pathname)) event.waitUntil(forget(PAGES_CACHE));
  if (changesClerk(request.method, pathname)) event.waitUntil(forget(DESK_CACHE));
  if (request.method !== "GET") return;
  if (OFFLINE_ASSETS.includes(pathname)) {
    event.respondWith(caches.match(pathname).then((found) => found ?? fetch(request)));
  } else if (pathname.startsWith("/assets/console/")) {
    event.respondWith(deskAsset(event, pathname));
  } else if (request.mode === "navigate") {
    const isPage = isDesk(pathname) || !/^\/(?:api|console|fake-wechat)\b/.test(pathname);
    event.respondWith(isPage ? page(event, pathname) : handedOn(event));
  }
});
