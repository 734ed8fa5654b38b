/** Calls `back` whenever what the page shows may be out of date: shown again, restored, or online again. */
export function onComeBack(
  back: (reason: "visible" | "restored" | "online") => void,
  away: () => void,
): () => void {
  const visibility = (): void => {
    if (document.visibilityState === "visible") back("visible");
  };
  const show = (event: PageTransitionEvent): void => {
    if (event.persisted) back("restored");
  };
  const online = (): void => back("online");
  document.addEventListener("visibilitychange", visibility);
  addEventListener("pageshow", show);
  addEventListener("online", online);
  addEventListener("offline", away);
  return () => {
    document.removeEventListener("visibilitychange", visibility);
    removeEventListener("pageshow", show);
    removeEventListener("online", online);
    removeEventListener("offline", away);
  };
}
