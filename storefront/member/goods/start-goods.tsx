import { hydrate } from "preact";
import type { Text } from "../../locales/zh-CN.ts";
import { App } from "../app.tsx";
import { GoodsPage, type GoodsData } from "./detail-page.tsx";
import { GoodsListPage, type GoodsListData } from "./list-page.tsx";

export function start(data: GoodsData | GoodsListData, text: Text, place: HTMLElement): void {
  hydrate(
    <App text={text}>
      {data.page === "goods" ? <GoodsPage data={data} /> : <GoodsListPage data={data} />}
    </App>,
    place,
  );
}
