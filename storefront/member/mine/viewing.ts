/** How this member likes to see pages. Kept in cookies, so that the next page is right from its first paint. */

export const SCHEMES = ["system", "light", "dark"] as const;
export type Scheme = (typeof SCHEMES)[number];

const YEAR_S = 31_536_000;

function keep(name: string, value: string): void {
  const age = value === "" ? 0 : YEAR_S;
  document.cookie = `${name}=${value};path=/;max-age=${age};samesite=lax`;
}

export interface Viewing {
  readonly scheme: Scheme;
  readonly isLarge: boolean;
}

/** As the page stands now; on the Worker, as a page stands that nobody has changed. */
export function viewingNow(): Viewing {
  if (typeof document === "undefined") return { scheme: "system", isLarge: false };
  const { scheme, text } = document.documentElement.dataset;
  return {
    scheme: scheme === "light" || scheme === "dark" ? scheme : "system",
    isLarge: text === "large",
  };
}

export function setScheme(scheme: Scheme): void {
  const { dataset } = document.documentElement;
  if (scheme === "system") delete dataset["scheme"];
  else dataset["scheme"] = scheme;
  keep("qd_scheme", scheme === "system" ? "" : scheme);
}

export function setText(isLarge: boolean): void {
  const { dataset } = document.documentElement;
  if (isLarge) dataset["text"] = "large";
  else delete dataset["text"];
  keep("qd_text", isLarge ? "large" : "");
}
