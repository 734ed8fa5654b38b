/** Has this page kept on the device, so that it opens again while the store has no network. */
export function keepDesk(): void {
  if (!("serviceWorker" in navigator)) return;
  const [opened] = performance.getEntriesByType("navigation");
  const isRouted = !opened || new URL(opened.name).pathname !== location.pathname;
  // A browser that forbids it keeps nothing; the page is whole without.
  import("../../client/offline.ts").then(
    ({ keepPages }) => keepPages(isRouted),
    () => undefined,
  );
}

/** The server has answered: what is shown is not of earlier any more. */
export function dropSavedNote(): void {
  document.querySelector("[data-saved-note]")?.remove();
}
