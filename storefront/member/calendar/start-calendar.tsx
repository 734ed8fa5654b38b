import { hydrate } from "preact";
import type { Text } from "../../locales/zh-CN.ts";
import { App } from "../app.tsx";
import { CalendarPage, type CalendarData } from "./calendar-page.tsx";

export function start(data: CalendarData, text: Text, place: HTMLElement): void {
  hydrate(
    <App text={text}>
      <CalendarPage data={data} />
    </App>,
    place,
  );
}
