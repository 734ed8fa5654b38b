/** Registers the service worker that keeps the last known state of a member's pages, or takes it away again. */
import { PAGES_CACHE } from "../offline/kept-page.ts";

/** What was kept of the member who signs out, before the next one is seen on this phone. */
export async function forgetKept(): Promise<void> {
  if ("caches" in window) await caches.delete(PAGES_CACHE).catch(() => false);
}

/** `isOn`: the operator lets it; `isMember`: somebody is signed in. */
export async function startOffline(isOn: boolean, isMember: boolean): Promise<void> {
  const { serviceWorker } = navigator;
  const root = document.documentElement;
  // Shown from this phone: read it anew as soon as that is possible.
  if (root.dataset["savedAt"]) addEventListener("online", () => location.reload());
  if (!isOn) {
    const found = await serviceWorker.getRegistration("/");
    await found?.unregister();
    const names = await caches.keys();
    await Promise.all(
      names.filter((name) => name.startsWith("qd-")).map((name) => caches.delete(name)),
    );
    return;
  }
  if (!isMember) {
    await forgetKept();
    return;
  }
  const isNew = serviceWorker.controller === null;
  await serviceWorker.register("/sw.js", { updateViaCache: "none" });
  const { active } = await serviceWorker.ready;
  // This page came before there was anybody to keep it.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A worker has no origin to name.
  if (isNew) active?.postMessage({ keep: location.pathname });
  root.dataset["kept"] = "1";
}
