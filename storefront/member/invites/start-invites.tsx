import { hydrate } from "preact";
import type { PageData } from "../../../worker/pages/page-data.ts";
import type { Text } from "../../locales/zh-CN.ts";
import { App } from "../app.tsx";
import { InvitesPage } from "./invites-page.tsx";

type Data = Extract<PageData, { page: "invites" }>;

export function start(data: Data, text: Text, place: HTMLElement): void {
  hydrate(
    <App text={text}>
      <InvitesPage data={data} />
    </App>,
    place,
  );
}
