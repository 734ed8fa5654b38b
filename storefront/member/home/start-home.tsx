import { hydrate } from "preact";
import type { Text } from "../../locales/zh-CN.ts";
import { App } from "../app.tsx";
import { HomePage, type HomeData } from "./home-page.tsx";

export function start(data: HomeData, text: Text, place: HTMLElement): void {
  hydrate(
    <App text={text}>
      <HomePage data={data} />
    </App>,
    place,
  );
}
