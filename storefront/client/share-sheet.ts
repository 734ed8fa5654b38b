import { copyText } from "./share.ts";

/** The phone's own sheet, or else the address in the clipboard. Fetched by a tap. */
export async function shareOrCopy(card: {
  title: string;
  url: string;
}): Promise<"shared" | "copied" | "failed"> {
  if (typeof navigator.share === "function") {
    try {
      await navigator.share(card);
      return "shared";
    } catch (error) {
      // Closing the sheet is an answer; only a share that could not be shown falls back.
      if (error instanceof DOMException && error.name === "AbortError") return "shared";
    }
  }
  return (await copyText(card.url)) ? "copied" : "failed";
}
