import { hydrate } from "preact";
import type { PageData } from "../../../worker/pages/page-data.ts";
import type { Text } from "../../locales/zh-CN.ts";
import { App } from "../app.tsx";
import { LoginPage } from "./login-page.tsx";

type Data = Extract<PageData, { page: "login" }>;

export function start(data: Data, text: Text, place: HTMLElement): void {
  hydrate(
    <App text={text}>
      <LoginPage data={data} />
    </App>,
    place,
  );
}
