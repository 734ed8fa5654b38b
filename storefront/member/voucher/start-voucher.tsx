import { hydrate } from "preact";
import type { PageData } from "../../../worker/pages/page-data.ts";
import type { Text } from "../../locales/zh-CN.ts";
import { App } from "../app.tsx";
import { VoucherPage } from "./voucher-page.tsx";

type Data = Extract<PageData, { page: "voucher" }>;

export function start(data: Data, text: Text, place: HTMLElement): void {
  hydrate(
    <App text={text}>
      <VoucherPage data={data} />
    </App>,
    place,
  );
}
