import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { callerOf } from "../../client/api.ts";
import { forgetKept } from "../../client/forget-kept.ts";
import { loginPath } from "../../client/paths.ts";
import { mallText } from "../../locales/mall.ts";
import type { MallText } from "../../locales/mall.zh-CN.ts";
import { pagesText } from "../../locales/pages.ts";
import { count } from "../../ui/format.ts";
import { Icon, Sprite } from "../../ui/icon.tsx";
import {
  bell,
  check,
  crown,
  exit,
  globe,
  help,
  letters,
  moon,
  orders,
  plus,
  right,
  shield,
  ticket,
  users,
  truck,
} from "../../ui/icons.ts";
import { LanguageSwitch, TabBar } from "../../ui/parts.tsx";
import { TierStrip } from "../home/blocks.tsx";
import { PrivacyCard } from "./privacy-card.tsx";
import { TierBenefits } from "./tier-benefits.tsx";
import { VoucherCard } from "./voucher-card.tsx";
import { SCHEMES, setScheme, setText, viewingNow, type Scheme } from "./viewing.ts";

export type MeData = Extract<PageData, { page: "me" }>;
const ICONS = {
  bell,
  check,
  crown,
  exit,
  globe,
  help,
  letters,
  moon,
  orders,
  plus,
  right,
  shield,
  ticket,
  truck,
  users,
};

function Row(props: {
  href: string;
  icon: string;
  name: string;
  children?: ComponentChildren;
}): JSX.Element {
  const { href, icon, name, children } = props;
  return (
    <a href={href}>
      <Icon name={icon} size={22} />
      <span>{name}</span>
      <span class="end">
        {children}
        <Icon name="right" size={16} />
      </span>
    </a>
  );
}

function Settings({ words }: { words: MallText["me"] }): JSX.Element {
  const [viewing, setViewing] = useState(viewingNow);
  const scheme: Record<Scheme, string> = {
    system: words.schemeSystem,
    light: words.schemeLight,
    dark: words.schemeDark,
  };
  return (
    <>
      <label>
        <Icon name="letters" size={22} />
        <span>{words.text}</span>
        <select
          value={viewing.isLarge ? "large" : "normal"}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value === "large");
            setViewing(viewingNow());
          }}
        >
          <option value="normal">{words.textNormal}</option>
          <option value="large">{words.textLarge}</option>
        </select>
      </label>
      <label>
        <Icon name="moon" size={22} />
        <span>{words.scheme}</span>
        <select
          value={viewing.scheme}
          onChange={({ currentTarget }) => {
            setScheme(currentTarget.value as Scheme);
            setViewing(viewingNow());
          }}
        >
          {SCHEMES.map((one) => (
            <option key={one} value={one}>
              {scheme[one]}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

/** Ids that the mall made say nothing to their members. */
const MADE = /^m-[0-9a-f]{16}([0-9a-f]{4})$/;

function nameOf({ me, identities }: MeData, words: MallText["me"]): string {
  const shown = identities?.identities.find(({ shown: name }) => name !== "")?.shown;
  const name = shown ?? me?.displayName ?? "";
  const tail = MADE.exec(name)?.[1];
  return tail === undefined ? name : words.member(tail);
}

function Who({ data, words }: { data: MeData; words: MallText["me"] }): JSX.Element {
  const { me } = data;
  if (me === null) {
    return (
      <header class="me-who">
        <span class="me-face" aria-hidden="true">
          <Icon name="user" size={26} />
        </span>
        <div>
          <h1>{words.guest}</h1>
          <p class="small sec">{words.guestBody}</p>
        </div>
        <a class="btn primary sm" href={loginPath("/me")}>
          {words.login}
        </a>
      </header>
    );
  }
  const name = nameOf(data, words);
  return (
    <header class="me-who">
      <span class="me-face" aria-hidden="true">
        {[...name][0]}
      </span>
      <div>
        <h1>{name}</h1>
        <p class="small sec">
          {words.points} <b class="num">{count(me.points.active)}</b>
          {me.points.held > 0 && (
            <>
              {"\u00a0· "}
              <span class="nb">
                {words.held} <b class="num">{count(me.points.held)}</b>
              </span>
            </>
          )}
        </p>
      </div>
    </header>
  );
}

export function MePage({ data }: { data: MeData }): JSX.Element {
  const words = mallText(data.locale).me;
  const signOut = async (): Promise<void> => {
    await callerOf({ locale: data.locale })("DELETE", "/api/v1/session");
    await forgetKept();
    location.replace("/");
  };
  return (
    <div class="page">
      <Sprite icons={ICONS} />
      <main>
        <Who data={data} words={words} />
        {data.tier !== null && (
          <TierStrip tier={data.tier} words={pagesText(data.locale)}>
            <TierBenefits tier={data.tier} nowMs={data.serverTimeMs} words={words} />
          </TierStrip>
        )}
        <VoucherCard data={data} words={words} />
        <nav class="card cells me-list" aria-label={words.mine}>
          <Row href="/orders" icon="orders" name={words.orders} />
          <Row href="/me/addresses" icon="truck" name={words.addresses} />
          {data.invites && (
            <Row href="/points/invite" icon="users" name={words.invite}>
              {data.invites.points > 0 && (
                <span class="note">{words.inviteNote(data.invites.points)}</span>
              )}
            </Row>
          )}
          <Row href="/verify" icon="shield" name={words.verify} />
        </nav>
        <section class="card cells me-list" aria-label={words.settings}>
          {data.me !== null && (
            <Row href="/notices" icon="bell" name={words.notices}>
              {data.remindersOff && words.noticesOff}
            </Row>
          )}
          <Settings words={words} />
          <Row href="/help" icon="help" name={words.help} />
          {data.me !== null && (
            <button type="button" onClick={() => void signOut()}>
              <Icon name="exit" size={22} />
              <span>{words.logout}</span>
            </button>
          )}
        </section>
        {data.identities !== null && (
          <PrivacyCard identities={data.identities} locale={data.locale} />
        )}
        <LanguageSwitch />
      </main>
      <TabBar current="me" />
    </div>
  );
}
