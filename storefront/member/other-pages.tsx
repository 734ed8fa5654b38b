import { hydrate, type JSX } from "preact";
import type { PageData } from "../../worker/pages/page-data.ts";
import type { Text } from "../locales/zh-CN.ts";
import { App } from "./app.tsx";
import { OrderPage } from "./order/order-page.tsx";
import { OrdersPage } from "./orders/orders-page.tsx";
import { ProblemPage } from "./problem/problem-page.tsx";

type OtherData = Extract<PageData, { page: "orders" | "order" | "problem" }>;

function pageOf(data: OtherData): JSX.Element {
  switch (data.page) {
    case "orders":
      return <OrdersPage data={data} />;
    case "order":
      return <OrderPage data={data} />;
    case "problem":
      return <ProblemPage data={data} />;
  }
}

/** The small pages in one script: whoever goes from one to the next has it already. */
export function start(data: OtherData, text: Text, place: HTMLElement): void {
  hydrate(<App text={text}>{pageOf(data)}</App>, place);
}
