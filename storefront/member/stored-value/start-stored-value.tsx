import { hydrate } from "preact";
import type { Text } from "../../locales/zh-CN.ts";
import { App } from "../app.tsx";
import { StoredValuePage, type StoredValueData } from "./stored-value-page.tsx";

export function start(data: StoredValueData, text: Text, place: HTMLElement): void {
  hydrate(
    <App text={text}>
      <StoredValuePage data={data} />
    </App>,
    place,
  );
}
