import type { JSX } from "preact";
import { invitedText } from "../../locales/invited.ts";
import { pagesText } from "../../locales/pages.ts";
import { signInText } from "../../locales/sign-in.ts";
import { Icon, Sprite } from "../../ui/icon.tsx";
import { chat, lock, shield } from "../../ui/icons.ts";
import { LanguageSwitch, TabBar } from "../../ui/parts.tsx";
import { useText } from "../../ui/text.tsx";
import { Offer } from "../invites/offer.tsx";
import { ConsentCard } from "./consent.tsx";
import { DevLogin, type LoginData } from "./dev-login.tsx";
import { PhoneLogin } from "./phone-login.tsx";

const ICONS = { chat, lock, shield };

export function LoginPage({ data }: { data: LoginData }): JSX.Element {
  const t = useText();
  const words = pagesText(data.locale).login;
  const more = signInText(data.locale);
  const { ways, asksConsent, failed } = data;
  const hasWay = ways.wechat || ways.phone || data.devLogin;
  const reason = more.failed[failed] ?? (failed === "" ? null : more.failed["other"]);
  return (
    <div class="page">
      <Sprite icons={ICONS} />
      <main class="dt">
        <section class="sth">
          <span class="sic info">
            <Icon name={asksConsent ? "shield" : "user"} size={26} />
          </span>
          <div>
            <h1>{asksConsent ? more.consent.title : hasWay ? words.heading : words.later}</h1>
            <p class="sec small">
              {asksConsent ? more.consent.body : hasWay ? words.body : words.laterBody}
            </p>
          </div>
        </section>
        {data.offer && (
          <section class="card login">
            <Offer offer={data.offer} mall={data.programme.name} locale={data.locale} />
            <p class="small sec">{invitedText(data.locale).next}</p>
          </section>
        )}
        {reason !== null && (
          <p class="card login login-bad" role="alert">
            {reason}
          </p>
        )}
        {asksConsent ? (
          <ConsentCard data={data} />
        ) : (
          <>
            {ways.wechat && (
              <a
                class="btn primary block"
                href={`/api/v1/sign-in/wechat?returnTo=${encodeURIComponent(data.returnTo)}`}
              >
                <Icon name="chat" size={20} />
                {more.wechat}
              </a>
            )}
            {ways.phone && <PhoneLogin data={data} />}
            {data.devLogin && <DevLogin data={data} />}
            {!hasWay && (
              <a class="btn primary block" href="/">
                {t.common.goHome}
              </a>
            )}
          </>
        )}
        <LanguageSwitch />
      </main>
      <TabBar current={null} />
    </div>
  );
}
