import type { JSX } from "preact";
import { renderToString } from "preact-render-to-string";
import type { Locale, PageData, RenderedPage } from "../worker/pages/page-data.ts";
import type { Welcome } from "../worker/pages/wire.ts";
import { en } from "./locales/en.ts";
import { calendarText } from "./locales/calendar.ts";
import { goodsText } from "./locales/goods.ts";
import { mallText } from "./locales/mall.ts";
import { deliveryText } from "./locales/delivery.ts";
import { pagesText } from "./locales/pages.ts";
import { pointsText } from "./locales/points.ts";
import { verifyText } from "./locales/verify.ts";
import { zhCN, type Text } from "./locales/zh-CN.ts";
import { App } from "./member/app.tsx";
import { CheckInPage } from "./member/check-in/check-in-page.tsx";
import { CodePage } from "./member/code/code-page.tsx";
import { EntryPage } from "./member/entry/entry-page.tsx";
import calendarCss from "./member/calendar/calendar.css?inline";
import { CalendarPage } from "./member/calendar/calendar-page.tsx";
import goodsCss from "./member/goods/goods.css?inline";
import suggestedCss from "./member/goods/suggested.css?inline";
import sheetCss from "./ui/sheet.css?inline";
import { GoodsPage } from "./member/goods/detail-page.tsx";
import { GoodsListPage } from "./member/goods/list-page.tsx";
import { HomePage } from "./member/home/home-page.tsx";
import homeCss from "./member/home/home.css?inline";
import { InvitesPage } from "./member/invites/invites-page.tsx";
import { LoginPage } from "./member/login/login-page.tsx";
import { HelpPage } from "./member/mine/help-page.tsx";
import { MePage } from "./member/mine/me-page.tsx";
import mineCss from "./member/mine/mine.css?inline";
import { NoticesPage } from "./member/mine/notices-page.tsx";
import { OrderPage } from "./member/order/order-page.tsx";
import { OrdersPage } from "./member/orders/orders-page.tsx";
import pointsCss from "./member/points/points.css?inline";
import { PointsPage } from "./member/points/points-page.tsx";
import { problemWords, ProblemPage } from "./member/problem/problem-page.tsx";
import { SalePage } from "./member/sale/sale-page.tsx";
import { shareTitle } from "./member/sale/share-title.ts";
import { AddressesPage } from "./member/addresses/addresses-page.tsx";
import deliveryCss from "./member/delivery/delivery.css?inline";
import { VoucherPage } from "./member/voucher/voucher-page.tsx";
import { TasksPage } from "./member/tasks/tasks-page.tsx";
import { StoredValuePage } from "./member/stored-value/stored-value-page.tsx";
import { TierPage } from "./member/tier/tier-page.tsx";
import { VerifyPage } from "./member/verify/verify-page.tsx";
import { WelcomeNote } from "./member/welcome/welcome-note.tsx";

function page(data: PageData): JSX.Element {
  switch (data.page) {
    case "home":
      return <HomePage data={data} />;
    case "sale":
      return <SalePage data={data} />;
    case "calendar":
      return <CalendarPage data={data} />;
    case "goodsList":
      return <GoodsListPage data={data} />;
    case "goods":
      return <GoodsPage data={data} />;
    case "me":
      return <MePage data={data} />;
    case "notices":
      return <NoticesPage data={data} />;
    case "help":
      return <HelpPage data={data} />;
    case "orders":
      return <OrdersPage data={data} />;
    case "order":
      return <OrderPage data={data} />;
    case "points":
      return <PointsPage data={data} />;
    case "entry":
      return <EntryPage data={data} />;
    case "checkIn":
      return <CheckInPage data={data} />;
    case "addresses":
      return <AddressesPage data={data} />;
    case "voucher":
      return <VoucherPage data={data} />;
    case "tasks":
      return <TasksPage data={data} />;
    case "invites":
      return <InvitesPage data={data} />;
    case "tier":
      return <TierPage data={data} />;
    case "storedValue":
      return <StoredValuePage data={data} />;
    case "code":
      return <CodePage data={data} />;
    case "verify":
      return <VerifyPage data={data} />;
    case "login":
      return <LoginPage data={data} />;
    case "problem":
      return <ProblemPage data={data} />;
  }
}

type Head = Omit<RenderedPage, "html" | "css">;

/** Pages of the points centre share their styles; the others have all of theirs in the shell. */
const CSS: Partial<Record<PageData["page"], string>> = {
  home: homeCss + suggestedCss,
  calendar: calendarCss,
  goodsList: goodsCss + suggestedCss,
  goods: goodsCss + sheetCss + suggestedCss,
  login: homeCss,
  me: homeCss + mineCss,
  notices: mineCss,
  help: homeCss + mineCss,
  order: deliveryCss,
  addresses: mineCss + deliveryCss,
  voucher: mineCss + deliveryCss,
  points: pointsCss + suggestedCss,
  entry: pointsCss,
  checkIn: pointsCss,
  tasks: pointsCss,
  invites: pointsCss,
  tier: pointsCss,
  storedValue: pointsCss,
  code: pointsCss,
  verify: pointsCss,
};

type HomeData = Extract<PageData, { page: "home" }>;

/** What the merchant wrote for it, else what the page is. */
function homeHead(
  data: HomeData,
  home: { title: (name: string) => string; description: string },
  name: string,
): Head {
  return {
    title:
      data.share.title === ""
        ? data.pageId === "home"
          ? home.title(name)
          : `${data.title} · ${name}`
        : data.share.title,
    description: data.share.description === "" ? home.description : data.share.description,
    sharePicture: data.share.picture ?? data.sales[0]?.picture ?? null,
  };
}

function head(data: PageData, text: Text): Head {
  const words = pagesText(data.locale);
  const { name } = data.programme;
  const of = (title: string, description: string): Head => ({
    title: `${title} · ${name}`,
    description,
    sharePicture: null,
  });
  switch (data.page) {
    case "home":
      return homeHead(data, words.home, name);
    case "sale":
      return {
        title: shareTitle(data.sale, data.locale, data.serverTimeMs),
        description: `${data.sale.title} · ${text.common.price(data.sale.pricePoints, data.sale.priceFen)} · ${name}`,
        sharePicture: data.sale.picture,
      };
    case "problem": {
      const { title, body } = problemWords(data.code, data.status, words);
      return of(title, body);
    }
    case "orders":
    case "order":
    case "login": {
      const { title, description } = words[data.page];
      return of(title, description);
    }
    case "calendar": {
      const { title, description } = calendarText(data.locale);
      const [first] = data.sessions;
      const sharePicture = first?.sales[0]?.picture ?? null;
      return { ...of(data.isOne && first ? first.title : title, description), sharePicture };
    }
    case "goodsList": {
      const { title, description } = goodsText(data.locale).list;
      return of(title, description);
    }
    case "goods": {
      const { goods } = data;
      return {
        title: `${goods.title} · ${name}`,
        description: `${text.common.price(goods.memberPoints, goods.priceFen)} · ${goods.subtitle}`,
        sharePicture: goods.picture?.path ?? null,
      };
    }
    case "me":
    case "notices":
    case "help": {
      const { title, description } = mallText(data.locale)[data.page];
      return of(title, description);
    }
    case "addresses":
    case "voucher": {
      const { title, description } = deliveryText(data.locale)[data.page];
      return of(title, description);
    }
    case "verify": {
      const { title, description } = verifyText(data.locale);
      return of(title, description);
    }
    default: {
      const { title, description } = pointsText(data.locale)[data.page];
      return of(title, description);
    }
  }
}

/** A whole page as text. Pure: the same data gives the same HTML here and at the first render in the browser. */
export function renderPage(data: PageData): RenderedPage {
  const text = data.locale === "en" ? en : zhCN;
  const html = renderToString(<App text={text}>{page(data)}</App>);
  return { ...head(data, text), html, css: CSS[data.page] ?? "" };
}

/** What stands over a page once, for whoever has just become a member. */
export function renderWelcome(welcome: Welcome, locale: Locale): string {
  return renderToString(<WelcomeNote welcome={welcome} locale={locale} />);
}
