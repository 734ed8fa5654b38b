/** Reading a page anew, once the server can be heard. */

/** A network that comes and goes at once, as in a lift, must not take a member back from the page they are on their way to. */
const STEADY_MS = 600;

/** Sooner than the service worker shows what it kept, or one reading anew would follow the other. */
const ANSWER_WITHIN_MS = 3_000;
const ASK_AFTER_MS = 5_000;
const ASK_AFTER_MS_MAX = 60_000;

/**
 * Reads a page that is shown from this phone anew, as soon as that is possible. Not every browser says that the network is back, and
 * some say so while it is not; so the server is asked too, ever more rarely.
 */
export function readAnewWhenBack(): void {
  // Who listens for changes of the merchant's need not: all of the page comes anew.
  document.documentElement.dataset["waits"] = "1";
  addEventListener("online", () => {
    setTimeout(() => {
      if (navigator.onLine) location.reload();
    }, STEADY_MS);
  });
  const askIn = (waitMs: number): void => {
    setTimeout(() => {
      const isSeen = document.visibilityState === "visible";
      void (isSeen ? isAnswered() : Promise.resolve(false)).then((isBack) => {
        if (isBack) location.reload();
        else askIn(isSeen ? Math.min(ASK_AFTER_MS_MAX, waitMs * 2) : waitMs);
      });
    }, waitMs);
  };
  askIn(ASK_AFTER_MS);
}

export async function isAnswered(path = location.href): Promise<boolean> {
  const askedAtMs = performance.now();
  return fetch(path, { cache: "no-store" }).then(
    ({ status }) => status < 500 && performance.now() - askedAtMs < ANSWER_WITHIN_MS,
    () => false,
  );
}
