import { PAGES_CACHE } from "../offline/kept-page.ts";

/** What was kept of the member who signs out, before the next one is seen on this phone. */
export async function forgetKept(): Promise<void> {
  if ("caches" in window) await caches.delete(PAGES_CACHE).catch(() => false);
}
