import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { IdentitiesView } from "../../../worker/pages/wire.ts";
import type { Locale } from "../../../worker/pages/page-data.ts";
import { callerOf } from "../../client/api.ts";
import { loginPath } from "../../client/paths.ts";
import { signInText } from "../../locales/sign-in.ts";
import { Dialog, DialogChoice } from "../../ui/dialog.tsx";

/** What is kept of who a member is, and the way to have it deleted. */
export function PrivacyCard({
  identities,
  locale,
}: {
  identities: IdentitiesView;
  locale: Locale;
}): JSX.Element | null {
  const words = signInText(locale);
  const [isAsked, setAsked] = useState(false);
  const [failed, setFailed] = useState(false);
  const withdraw = async (): Promise<void> => {
    const answer = await callerOf({ locale })("DELETE", "/api/v1/me/consent");
    // 204 has no body: silence with that status is the answer.
    if (answer.ok || answer.status === 204) return location.replace("/");
    setFailed(true);
  };
  const { identities: ways } = identities;
  const hasPhone = ways.some(({ kind }) => kind === "phone");
  return (
    <section class="card blk" id="privacy">
      <h2>{words.privacy.title}</h2>
      <p class="small sec">{ways.length === 0 ? words.privacy.none : words.privacy.body}</p>
      {ways.length > 0 && (
        <ul class="me-ways">
          {ways.map(({ kind, shown }) => (
            <li key={kind}>
              <span>{words.privacy.kinds[kind]}</span>
              <span class="num sec">{shown}</span>
            </li>
          ))}
        </ul>
      )}
      <div class="dialog-do">
        {!hasPhone && (
          <a class="btn line" href={`${loginPath("/me")}&way=phone`}>
            {words.privacy.add}
          </a>
        )}
        {identities.hasConsent && (
          <button type="button" class="btn quiet" onClick={() => setAsked(true)}>
            {words.privacy.withdraw}
          </button>
        )}
      </div>
      {isAsked && (
        <Dialog title={words.privacy.withdraw} onClose={() => setAsked(false)}>
          <p class="small sec">{words.privacy.ask}</p>
          {failed && (
            <p class="login-bad" role="alert">
              {words.failed["other"]}
            </p>
          )}
          <DialogChoice
            {...{ keep: words.privacy.keep, act: words.privacy.sure }}
            onKeep={() => setAsked(false)}
            onAct={() => void withdraw()}
          />
        </Dialog>
      )}
    </section>
  );
}
