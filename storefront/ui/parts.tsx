import type { ComponentChildren, JSX } from "preact";
import type { PictureWidth } from "../../worker/blobs/wire.ts";
import type { Locale, PageBase } from "../../worker/pages/page-data.ts";
import { Coin, Icon } from "./icon.tsx";
import { count, yuan } from "./format.ts";
import { localeOf, useText } from "./text.tsx";

export function Price({
  points,
  cashFen = 0,
  size,
}: {
  points: number;
  cashFen?: number;
  size?: "xl";
}): JSX.Element {
  const t = useText();
  return (
    <span class={size === "xl" ? "price xl" : "price"}>
      <Coin size={size === "xl" ? 26 : 15} />
      <span class="num">{count(points)}</span>
      <span class="u">{t.unit.points}</span>
      {cashFen > 0 && (
        <span class="c">
          + <span class="num">{yuan(cashFen)}</span>
        </span>
      )}
    </span>
  );
}

export type BadgeTone = "plain" | "ok" | "warn" | "danger" | "info" | "brand" | "ink";

export function Badge({
  tone = "plain",
  icon,
  children,
}: {
  tone?: BadgeTone;
  icon?: string;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <span class={`badge ${tone}`}>
      {icon !== undefined && <Icon name={icon} size={14} />}
      {children}
    </span>
  );
}

const WIDTHS: readonly PictureWidth[] = [200, 400, 800];

/** The widths in which a stored picture is given out; those of the demo are drawn, and fit every width. */
export function widthsOf(src: string, sizes: string): { srcset?: string; sizes?: string } {
  if (!src.startsWith("/media/")) return {};
  return { srcset: WIDTHS.map((width) => `${src}?w=${width} ${width}w`).join(), sizes };
}

/** A square that is held before its picture comes, whatever shape that has; `sizes` as in HTML, `size` in px. */
export function Square(props: {
  src: string;
  srcset?: string;
  sizes?: string;
  alt: string;
  size: number;
  first?: boolean;
}): JSX.Element {
  const { alt, size, first = false, ...from } = props;
  const priority = first ? { fetchpriority: "high" as const } : { loading: "lazy" as const };
  return (
    <span class="sq">
      <img
        class="pic"
        {...from}
        alt={alt}
        width={size}
        height={size}
        decoding="async"
        {...priority}
      />
    </span>
  );
}

/** `size`: the side of the square on the page, in px. */
export function Picture(props: {
  src: string;
  alt: string;
  size: number;
  first?: boolean;
}): JSX.Element {
  return <Square {...props} {...widthsOf(props.src, `${props.size}px`)} />;
}

/** The merchant's mark: its picture, or the first letter of its name. */
export function Logo({ programme }: { programme: PageBase["programme"] }): JSX.Element {
  const { logo, name } = programme;
  return logo === null ? (
    <span class="logo" aria-hidden="true">
      {[...name][0]}
    </span>
  ) : (
    <img class="logo" src={logo} {...widthsOf(logo, "32px")} alt="" width={32} height={32} />
  );
}

/** Words around a figure, so that the figure can be set apart: [before, figure, after]. */
export function Figured({ text }: { text: readonly [string, string, string] }): JSX.Element {
  return (
    <>
      {text[0]}
      <b class="num">{text[1]}</b>
      {text[2]}
    </>
  );
}

export type Tab = "home" | "goods" | "points" | "orders" | "me";
const TABS: readonly { tab: Tab; href: string; icon: string }[] = [
  { tab: "home", href: "/", icon: "home" },
  { tab: "goods", href: "/g", icon: "gift" },
  { tab: "points", href: "/points", icon: "coin" },
  { tab: "orders", href: "/orders", icon: "orders" },
  { tab: "me", href: "/me", icon: "user" },
];

export function TabBar({ current }: { current: Tab | null }): JSX.Element {
  const t = useText();
  return (
    <nav class="tabbar" aria-label={t.nav.label}>
      {TABS.map(({ tab, href, icon }) => (
        <a key={tab} href={href} {...(tab === current ? { "aria-current": "page" as const } : {})}>
          <Icon name={icon} size={24} />
          <span>{t.nav[tab]}</span>
        </a>
      ))}
    </nav>
  );
}

const YEAR_S = 31_536_000;

/** A plain link that works without script; with script the choice is kept in a cookie and the page comes anew. */
export function LanguageSwitch(): JSX.Element {
  const t = useText();
  const other: Locale = localeOf(t) === "en" ? "zh-CN" : "en";
  const choose = (event: Event): void => {
    event.preventDefault();
    document.cookie = `qd_lang=${other};path=/;max-age=${YEAR_S};samesite=lax`;
    const url = new URL(location.href);
    url.searchParams.delete("lang");
    if (url.href === location.href) location.reload();
    else location.replace(url.href);
  };
  return (
    <p class="lang">
      <a href={`?lang=${other}`} lang={other} hreflang={other} onClick={choose}>
        {t.nav.otherLanguage}
      </a>
    </p>
  );
}

export function Sr({
  children,
  role,
}: {
  children: ComponentChildren;
  role?: "status";
}): JSX.Element {
  return (
    <span class="sr" {...(role === undefined ? {} : { role })}>
      {children}
    </span>
  );
}
