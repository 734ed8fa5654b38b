import type { ComponentChildren, JSX } from "preact";
import { Icon, Sprite } from "../../ui/icon.tsx";
import { clock, info, left, right } from "../../ui/icons.ts";
import { LanguageSwitch, TabBar } from "../../ui/parts.tsx";

const ICONS = { clock, info, left, right };
const ME = { tab: "me", href: "/me" } as const;

/** A page under one of the tabs, under "Me" if nothing is said: the way back, its name, what it shows. */
export function SubFrame(props: {
  title: string;
  back: string;
  under?: { readonly tab: "me" | "points"; readonly href: string };
  icons?: Readonly<Record<string, string>>;
  children: ComponentChildren;
}): JSX.Element {
  const { title, back, under = ME, icons = {}, children } = props;
  return (
    <div class="page">
      <Sprite icons={{ ...ICONS, ...icons }} />
      <header class="sub">
        <a href={under.href} aria-label={back}>
          <Icon name="left" size={22} />
        </a>
        <h1>{title}</h1>
      </header>
      <main>
        {children}
        <LanguageSwitch />
      </main>
      <TabBar current={under.tab} />
    </div>
  );
}
