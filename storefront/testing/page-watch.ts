/** What the sale page itself sees of its paint and of a tap: functions that are run inside the page. */

/** A phone as Chromium plays it. */
export const PHONE = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  locale: "zh-CN",
  isMobile: true,
  hasTouch: true,
} as const;

export interface Paint {
  readonly lcpMs: number;
  readonly element: string;
  readonly fcpMs: number;
  readonly liveMs: number;
  readonly shift: number;
}

/** Notes what the page itself sees, from its first moment on. */
export function watchPaint(): void {
  const seen = { lcpMs: 0, element: "", shift: 0, liveMs: 0 };
  Object.assign(window, { seen });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { element?: Element })[]) {
      seen.lcpMs = entry.startTime;
      seen.element = `${entry.element?.tagName.toLowerCase() ?? "?"}.${entry.element?.className ?? ""}`;
    }
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
      seen.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  const timer = setInterval(() => {
    if (document.documentElement.dataset["live"] !== "1") return;
    seen.liveMs = performance.now();
    clearInterval(timer);
  }, 5);
}

export function readPaint(): Paint {
  const { seen } = window as unknown as { seen: Omit<Paint, "fcpMs"> };
  const fcpMs = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN;
  return { ...seen, fcpMs };
}

/** From the finger on the glass to the verdict in the document, as the page's own clock says. */
export function watchGrab(): void {
  const button = document.getElementById("grab");
  if (button === null) throw new Error("no button");
  const seen = { verdictMs: 0, sendingMs: 0 };
  Object.assign(window, { grabbed: seen });
  let atMs = 0;
  button.addEventListener("pointerdown", (event) => (atMs = event.timeStamp), { capture: true });
  new MutationObserver(() => {
    const { state } = button.dataset;
    if (state === "sending") seen.sendingMs ||= performance.now() - atMs;
    if (state === "granted") seen.verdictMs ||= performance.now() - atMs;
  }).observe(button, { attributes: true });
}

export interface Grab {
  readonly verdictMs: number;
  readonly sendingMs: number;
}

export function readGrab(): Grab {
  return (window as unknown as { grabbed: Grab }).grabbed;
}
