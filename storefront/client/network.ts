/** While there is no network, a strip over the page says that it stands still, and since when: by the server's clock, the phone's may be wrong. */
import { timeHm } from "../ui/format.ts";

const WORDS = {
  "zh-CN": (time: string) => `网络断开。页面停在 ${time}，连上后可以继续。`,
  en: (time: string) => `You are offline. This page is as of ${time}; go on once you are back.`,
};

/** Answers what says so of a page that is come back to without one. */
export function watchNetwork(locale: keyof typeof WORDS, serverTimeMs: number): () => void {
  const aheadMs = serverTimeMs - Date.now();
  const strip = document.createElement("p");
  strip.className = "net-off";
  // There before it speaks, or a screen reader would not hear its first words.
  strip.setAttribute("role", "status");
  document.body.append(strip);
  const tell = (sinceMs: number): void => {
    strip.textContent = WORDS[locale](timeHm(sinceMs));
  };
  addEventListener("offline", () => tell(Date.now() + aheadMs));
  addEventListener("online", () => {
    strip.textContent = "";
  });
  return () => tell(serverTimeMs);
}
