import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { callerOf, type Problem } from "../../client/api.ts";
import { isFramed } from "../../client/frame.ts";
import { safeReturnTo } from "../../client/paths.ts";
import { signInText } from "../../locales/sign-in.ts";
import type { LoginData } from "./dev-login.tsx";
import { Notice } from "./notice.tsx";

/** Seconds until another code may be asked for. */
function usePause(): [number, (seconds: number) => void] {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (seconds <= 0) return;
    const timer = setTimeout(() => setSeconds(seconds - 1), 1_000);
    return () => clearTimeout(timer);
  }, [seconds]);
  return [seconds, setSeconds];
}

interface PhoneUse {
  readonly busy: "" | "send" | "enter";
  readonly error: string;
  readonly hint: string;
  readonly pause: number;
  /** Both this phone and whoever is signed in have something: they may become one. */
  readonly canMerge: boolean;
  readonly send: (phone: string) => Promise<void>;
  readonly enter: (phone: string, code: string, agrees: boolean, merge?: boolean) => Promise<void>;
}

function usePhone(data: LoginData): PhoneUse {
  const words = signInText(data.locale);
  const call = callerOf({ locale: data.locale });
  const [busy, setBusy] = useState<PhoneUse["busy"]>("");
  const [error, setError] = useState("");
  const [canMerge, setCanMerge] = useState(false);
  const [hint, setHint] = useState("");
  const [pause, setPause] = usePause();
  const say = ({ code, figures, retryAfterMs }: Problem): void => {
    const fields = (figures["errors"] ?? []) as { path: string }[];
    const reason = String(figures["reason"] ?? fields[0]?.path ?? code);
    setCanMerge(reason === "both_in_use");
    if (retryAfterMs !== null) setPause(Math.min(600, Math.ceil(retryAfterMs / 1_000)));
    setError(words.failed[reason] ?? words.failed["other"] ?? "");
  };
  const send = async (phone: string): Promise<void> => {
    if (busy !== "" || pause > 0) return;
    setBusy("send");
    const answer = await call<{ retryMs: number; developmentCode: string | null }>(
      "POST",
      "/api/v1/sign-in/phone",
      { phone },
    );
    setBusy("");
    if (!answer.ok) return say(answer.problem);
    const { retryMs, developmentCode } = answer.value;
    setError("");
    setPause(retryMs / 1_000);
    setHint(developmentCode === null ? words.phone.sent : words.phone.development(developmentCode));
  };
  const enter = async (
    phone: string,
    code: string,
    agrees: boolean,
    merge = false,
  ): Promise<void> => {
    if (busy !== "") return;
    if (!agrees) return setError(words.failed["consent_needed"] ?? "");
    setBusy("enter");
    const noticeVersion = data.notice.version;
    const body = { phone, code, noticeVersion, isEmbedded: isFramed(), merge };
    const answer = await call("POST", "/api/v1/sign-in/phone/verify", body);
    if (answer.ok) return location.replace(safeReturnTo(data.returnTo));
    setBusy("");
    say(answer.problem);
  };
  return { busy, error, canMerge, hint, pause, send, enter };
}

function Head({ title, label }: { title: string; label: string }): JSX.Element {
  return (
    <>
      <h2>{title}</h2>
      <label for="phone">{label}</label>
    </>
  );
}

function NoticeFold({ data, title }: { data: LoginData; title: string }): JSX.Element {
  return (
    <details class="small">
      <summary>{title}</summary>
      <Notice data={data} />
    </details>
  );
}

/** Both accounts are proved to be of one person, who may make them one. */
function MergeButton({
  use,
  title,
  enter,
}: {
  use: PhoneUse;
  title: string;
  enter: () => Promise<void>;
}): JSX.Element {
  if (!use.canMerge) return <></>;
  const isBusy = use.busy !== "";
  return (
    <button
      type="button"
      class="btn line block"
      aria-disabled={isBusy}
      onClick={() => void enter()}
    >
      {title}
    </button>
  );
}

export function PhoneLogin({ data }: { data: LoginData }): JSX.Element {
  const words = signInText(data.locale).phone;
  const use = usePhone(data);
  const [phone, setPhone] = useState("");
  const [code, setCode] = useState("");
  const [agrees, setAgrees] = useState(false);
  return (
    <form
      class="card login"
      onSubmit={(event) => {
        event.preventDefault();
        void use.enter(phone, code, agrees);
      }}
    >
      <Head title={words.title} label={words.phone} />
      <input
        id="phone"
        type="tel"
        inputMode="tel"
        autocomplete="tel"
        maxLength={24}
        value={phone}
        onInput={(event) => setPhone(event.currentTarget.value)}
      />
      <label for="code">{words.code}</label>
      <div class="login-code">
        <input
          id="code"
          type="text"
          inputMode="numeric"
          autocomplete="one-time-code"
          maxLength={6}
          value={code}
          onInput={(event) => setCode(event.currentTarget.value)}
        />
        <button
          type="button"
          class="btn line"
          aria-disabled={use.pause > 0 || use.busy !== ""}
          onClick={() => void use.send(phone)}
        >
          {use.pause > 0 ? words.again(use.pause) : words.send}
        </button>
      </div>
      <p class={use.error === "" ? "note sec" : "note login-bad"} role="status">
        {use.error === "" ? use.hint : use.error}
      </p>
      <label class="login-agree">
        <input
          type="checkbox"
          checked={agrees}
          onChange={(event) => setAgrees(event.currentTarget.checked)}
        />
        <span>{words.agree}</span>
      </label>
      <NoticeFold data={data} title={words.read} />
      <MergeButton
        use={use}
        title={words.merge}
        enter={() => use.enter(phone, code, agrees, true)}
      />
      <button type="submit" class="btn primary block" aria-disabled={use.busy !== ""}>
        {use.busy === "enter" && <i class="spin" />}
        {words.enter}
      </button>
    </form>
  );
}
