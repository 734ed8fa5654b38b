/** Registers the service worker that keeps the last known state of pages, or takes it away again. */
import type { PageData } from "../../worker/pages/page-data.ts";
import { forgetKept } from "./forget-kept.ts";
import { readAnewWhenBack } from "./read-anew.ts";

/** Takes the worker and all it kept away: the operator wants it so. */
async function remove(): Promise<void> {
  const found = await navigator.serviceWorker.getRegistration("/");
  await found?.unregister();
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith("qd-")).map((name) => caches.delete(name)),
  );
}

/**
 * Has the service worker keep this page and those that are opened after it, where the operator wants so. `isRouted`: the page was
 * come to within another one, so the worker has not seen it.
 */
export async function keepPages(isRouted = false): Promise<void> {
  const root = document.documentElement;
  const { offline } = root.dataset;
  if (offline === undefined || window.parent !== window) return;
  if (document.readyState !== "complete")
    await new Promise((then) => addEventListener("load", then));
  if (offline === "off") return remove();
  const { serviceWorker } = navigator;
  const isNew = serviceWorker.controller === null;
  await serviceWorker.register("/sw.js", { updateViaCache: "none" });
  const { active } = await serviceWorker.ready;
  // This page came before there was anybody to keep it.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A worker has no origin to name.
  if (isNew || isRouted) active?.postMessage({ keep: location.pathname });
  root.dataset["kept"] = "1";
}

async function keep(data: PageData): Promise<void> {
  const { me, page, isPreview } = data;
  const { offline, savedAt } = document.documentElement.dataset;
  if (offline === undefined || isPreview || window.parent !== window) return;
  // In place of a page that was asked for; at its own address it is all there is.
  const isInPlace =
    page === "problem" && data.code === "offline" && location.pathname !== "/offline";
  // Shown from this phone: read it anew as soon as that is possible.
  if (savedAt || isInPlace) readAnewWhenBack();
  // A sale's minute is no time to fetch ahead; and the page that says there is no network tells nothing of who is signed in.
  if (page === "sale" || page === "problem") return;
  return me === null && offline === "on" ? forgetKept() : keepPages();
}

export async function startOffline(data: PageData): Promise<void> {
  // A browser that forbids it keeps nothing; the page is whole without.
  await keep(data).catch(() => undefined);
}
