import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { MeView } from "../../../worker/accounts/wire.ts";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { loginPath } from "../../client/paths.ts";
import { onComeBack } from "../../client/visibility.ts";
import { pagesText } from "../../locales/pages.ts";
import type { PagesText } from "../../locales/pages.zh-CN.ts";
import { count } from "../../ui/format.ts";
import { Icon, Sprite } from "../../ui/icon.tsx";
import { coin, home, orders, right } from "../../ui/icons.ts";
import { Figured, LanguageSwitch, TabBar } from "../../ui/parts.tsx";
import { useText } from "../../ui/text.tsx";
import { Goods, Near } from "./goods.tsx";
import { SaleList, useServerNow } from "./sale-list.tsx";

type HomeData = Extract<PageData, { page: "home" }>;
const ICONS = { coin, home, orders, right };

function Wallet({ me, words }: { me: MeView | null; words: PagesText }): JSX.Element {
  if (me === null) {
    return (
      <section class="wallet card wallet-in">
        <b>{words.home.loginTitle}</b>
        <a class="btn primary" href={loginPath("/")}>
          {words.home.login}
        </a>
      </section>
    );
  }
  return (
    <section class="wallet card">
      <span class="small sec">{words.home.active}</span>
      <a class="wallet-b" href="/points">
        <b class="num">{count(me.points.active)}</b>
        <span class="wallet-d small">
          {words.home.detail}
          <Icon name="right" size={16} />
        </span>
      </a>
      <p class="wallet-k">
        <span>
          <Figured text={words.home.held(me.points.held)} />
        </span>
        <span>
          <Figured text={words.home.pending(me.points.pending)} />
        </span>
      </p>
    </section>
  );
}

export function HomePage({ data }: { data: HomeData }): JSX.Element {
  const t = useText();
  const words = pagesText(data.locale);
  const nowMs = useServerNow(data.serverTimeMs);
  const active = data.me?.points.active ?? null;
  // Back from a sale: balance and stock may both have changed, and the page is small enough to come anew.
  useEffect(
    () =>
      onComeBack(
        (reason) => reason === "restored" && location.reload(),
        () => undefined,
      ),
    [],
  );
  const { name } = data.programme;
  return (
    <div class="page">
      <Sprite icons={ICONS} />
      <main>
        <header class="top">
          <span class="logo" aria-hidden="true">
            {[...name][0]}
          </span>
          <h1>{name}</h1>
          <span class="mute small">{t.brand.mall}</span>
        </header>
        <Wallet me={data.me} words={words} />
        <SaleList sales={data.sales} nowMs={nowMs} words={words} />
        <Goods goods={data.goods} active={active} words={words} />
        <Near goods={data.goods} active={active} words={words} />
        <LanguageSwitch />
      </main>
      <TabBar current="home" />
    </div>
  );
}
