import type { ComponentChildren, JSX } from "preact";
import type { PointsText } from "../../locales/points.zh-CN.ts";
import { alert, check, coin, home, orders } from "../../ui/icons.ts";
import { SubFrame } from "../mine/sub-frame.tsx";

const ICONS = { alert, check, coin, home, orders };
const POINTS = { tab: "points", href: "/points" } as const;

/** A page under the points page. */
export function PageFrame(props: {
  title: string;
  icons: Readonly<Record<string, string>>;
  words: PointsText;
  children: ComponentChildren;
}): JSX.Element {
  const { title, icons, words, children } = props;
  return (
    <SubFrame title={title} back={words.back} under={POINTS} icons={{ ...ICONS, ...icons }}>
      {children}
    </SubFrame>
  );
}
