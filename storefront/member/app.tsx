import type { ComponentChildren, JSX } from "preact";
import type { Text } from "../locales/zh-CN.ts";
import { TextContext } from "../ui/text.tsx";

/** The frame around every page, the same on the Worker and in the browser: its language. */
export function App({ text, children }: { text: Text; children: ComponentChildren }): JSX.Element {
  return <TextContext.Provider value={text}>{children}</TextContext.Provider>;
}
