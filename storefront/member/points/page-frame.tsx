import type { ComponentChildren, JSX } from "preact";
import type { PointsText } from "../../locales/points.zh-CN.ts";
import { Icon, Sprite } from "../../ui/icon.tsx";
import { alert, check, coin, home, info, left, orders } from "../../ui/icons.ts";
import { LanguageSwitch, TabBar } from "../../ui/parts.tsx";

const ICONS = { alert, check, coin, home, info, left, orders };

/** A page under the points page: the way back, its name, what it shows. */
export function PageFrame({
  title,
  icons,
  words,
  children,
}: {
  title: string;
  icons: Readonly<Record<string, string>>;
  words: PointsText;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div class="page">
      <Sprite icons={{ ...ICONS, ...icons }} />
      <header class="sub">
        <a href="/points" aria-label={words.back}>
          <Icon name="left" size={22} />
        </a>
        <h1>{title}</h1>
      </header>
      <main>
        {children}
        <LanguageSwitch />
      </main>
      <TabBar current="points" />
    </div>
  );
}
