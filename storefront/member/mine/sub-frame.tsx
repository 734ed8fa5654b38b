import type { ComponentChildren, JSX } from "preact";
import { Icon, Sprite } from "../../ui/icon.tsx";
import { clock, info, left, right } from "../../ui/icons.ts";
import { LanguageSwitch, TabBar } from "../../ui/parts.tsx";

const ICONS = { clock, info, left, right };

/** A page under "Me": the way back, its name, what it shows. */
export function SubFrame(props: {
  title: string;
  back: string;
  icons?: Readonly<Record<string, string>>;
  children: ComponentChildren;
}): JSX.Element {
  const { title, back, icons = {}, children } = props;
  return (
    <div class="page">
      <Sprite icons={{ ...ICONS, ...icons }} />
      <header class="sub">
        <a href="/me" aria-label={back}>
          <Icon name="left" size={22} />
        </a>
        <h1>{title}</h1>
      </header>
      <main>
        {children}
        <LanguageSwitch />
      </main>
      <TabBar current="me" />
    </div>
  );
}
