/** A mall inside a page of another site tells that page how high it is and where it stands; it listens to nobody. */

/** The page around this one, when the merchant's list has it; else nobody is told anything. */
function hostOrigin(): string | null {
  const listed = (document.documentElement.dataset["frames"] ?? "").split(" ");
  const around = [...(location.ancestorOrigins ?? [])][0];
  const referred = /^(https?:\/\/[^/]+)/.exec(document.referrer)?.[1];
  const found = around ?? referred;
  return found !== undefined && listed.includes(found) ? found : null;
}

export function startEmbedding(): void {
  const origin = hostOrigin();
  if (origin === null) return;
  // Set by the style sheet: bars that stick to the screen would stick to the middle of the page around.
  document.documentElement.dataset["framed"] = "1";
  const tell = (message: object): void => window.parent.postMessage(message, origin);
  let told = 0;
  const measure = (): void => {
    // With what stands over the page itself: a greeting, a note of when it was kept.
    const height = document.body.offsetHeight;
    if (height === told || height === 0) return;
    told = height;
    tell({ type: "qiangdui:height", height });
  };
  new ResizeObserver(measure).observe(document.body);
  measure();
  tell({ type: "qiangdui:path", path: location.pathname + location.search });
}
