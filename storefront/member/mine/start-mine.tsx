import { hydrate, type JSX } from "preact";
import type { Text } from "../../locales/zh-CN.ts";
import { App } from "../app.tsx";
import { HelpPage, type HelpData } from "./help-page.tsx";
import { MePage, type MeData } from "./me-page.tsx";
import { NoticesPage, type NoticesData } from "./notices-page.tsx";

type MineData = MeData | NoticesData | HelpData;

function pageOf(data: MineData): JSX.Element {
  switch (data.page) {
    case "me":
      return <MePage data={data} />;
    case "notices":
      return <NoticesPage data={data} />;
    case "help":
      return <HelpPage data={data} />;
  }
}

export function start(data: MineData, text: Text, place: HTMLElement): void {
  hydrate(<App text={text}>{pageOf(data)}</App>, place);
}
