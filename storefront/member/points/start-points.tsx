import { hydrate } from "preact";
import type { PageData } from "../../../worker/pages/page-data.ts";
import type { Text } from "../../locales/zh-CN.ts";
import { App } from "../app.tsx";
import { PointsPage } from "./points-page.tsx";

type Data = Extract<PageData, { page: "points" }>;

export function start(data: Data, text: Text, place: HTMLElement): void {
  hydrate(
    <App text={text}>
      <PointsPage data={data} />
    </App>,
    place,
  );
}
