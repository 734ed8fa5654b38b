import type { JSX } from "preact";
import { coin, gift, home, orders, user } from "./icons.ts";

/** Those of the tab bar, which nearly every page has. */
const TABS = { coin, gift, home, orders, user };

/**
 * The icons one page draws, once in its markup; `Icon` refers to them by name. The browser takes the Worker's markup up
 * as it is and never writes it again, so the build leaves the shapes out of its scripts: see vite.config.ts.
 */
export function Sprite({ icons }: { icons: Readonly<Record<string, string>> }): JSX.Element {
  const symbols = Object.entries({ ...TABS, ...icons })
    .map(([name, shape]) => `<symbol id="i-${name}" viewBox="0 0 24 24">${shape}</symbol>`)
    .join("");
  // The shapes are constants of this build, never text from outside.
  return (
    <svg
      class="sprite"
      width="0"
      height="0"
      aria-hidden="true"
      focusable="false"
      dangerouslySetInnerHTML={{ __html: symbols }}
    />
  );
}

/** Always beside words or inside a named control, hence hidden from assistive technology. */
export function Icon({ name, size = 20 }: { name: string; size?: number }): JSX.Element {
  return (
    <svg
      class="i"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      <use href={`#i-${name}`} />
    </svg>
  );
}

/** The points mark: the same in every merchant's theme. */
export function Coin({ size = 15 }: { size?: number }): JSX.Element {
  return (
    <svg
      class="coin"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      <circle class="coin-a" cx="12" cy="12" r="11" />
      <circle class="coin-b" cx="12" cy="12" r="8.6" />
      <path class="coin-c" d="M12 6.8 17 12l-5 5.2L7 12z" />
    </svg>
  );
}
