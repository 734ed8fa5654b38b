import { hydrate } from "preact";
import type { PageData } from "../../../worker/pages/page-data.ts";
import type { Text } from "../../locales/zh-CN.ts";
import { App } from "../app.tsx";
import { TasksPage } from "./tasks-page.tsx";

type Data = Extract<PageData, { page: "tasks" }>;

export function start(data: Data, text: Text, place: HTMLElement): void {
  hydrate(
    <App text={text}>
      <TasksPage data={data} />
    </App>,
    place,
  );
}
