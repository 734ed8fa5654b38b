import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Button, createClient, Loading, useWords, type Call, type Problem } from "../kit/index.ts";
import type { SignInProps } from "../shell/sign-in-place.tsx";
import { AuthForm, useSignInSentence } from "./auth-form.tsx";
import { LinkView } from "./link-view.tsx";
import { signInWithPasskey } from "./passkey.ts";
import "./sign-in.css";
import { SIGN_IN } from "./words.ts";

export interface SignedIn {
  readonly state: "signed_in" | "second_step";
}

interface View {
  readonly call: Call;
  readonly onState: (state: SignedIn["state"]) => void;
}

/** By the address: a one-time link, else the sign-in over whatever page was asked for. There is no address to send somebody on to. */
export function SignIn({ start, onSignedIn }: SignInProps): JSX.Element {
  const call = useMemo(
    () => createClient({ locale: () => document.documentElement.lang, onSignedOut: () => {} }),
    [],
  );
  const [isStepping, setStepping] = useState(false);
  const link = /^\/console\/(join|reset)$/.exec(location.pathname)?.[1] as
    | "join"
    | "reset"
    | undefined;
  const onState = (state: SignedIn["state"]): void => {
    if (state === "second_step") setStepping(true);
    else if (link) location.replace("/console");
    else onSignedIn();
  };
  if (isStepping)
    return <StepView call={call} onState={onState} onBack={() => setStepping(false)} />;
  if (link) return <LinkView kind={link} call={call} onState={onState} />;
  return <FirstView call={call} onState={onState} devLogin={start.devLogin} />;
}

/** Asks whether somebody owns the shop already. */
function FirstView({ devLogin, ...view }: View & { devLogin: boolean }): JSX.Element {
  const { call } = view;
  const [needsSetup, setNeedsSetup] = useState<boolean | null>(null);
  useEffect(() => {
    void call<{ needsSetup: boolean }>("GET", "/api/v1/staff-auth/state").then((answer) =>
      setNeedsSetup(answer.ok && answer.value.needsSetup),
    );
  }, [call]);
  if (needsSetup === null) return <Loading rows={3} />;
  return (
    <>
      {needsSetup ? (
        <SetupView {...view} onOwner={() => setNeedsSetup(false)} />
      ) : (
        <PasswordView {...view} />
      )}
      {devLogin && <DevelopmentView {...view} />}
    </>
  );
}

/** Sends, and goes on with what is answered. */
export async function proceed(
  { call, onState }: View,
  path: string,
  body: unknown,
): Promise<Problem | null> {
  const answer = await call<SignedIn>("POST", path, body);
  if (!answer.ok) return answer.problem;
  onState(answer.value.state);
  return null;
}

function PasswordView(view: View): JSX.Element {
  const words = useWords(SIGN_IN);
  return (
    <AuthForm
      title={words.title}
      fields={[
        { name: "email", label: words.email, type: "email", autocomplete: "username webauthn" },
        {
          name: "password",
          label: words.password,
          type: "password",
          autocomplete: "current-password",
        },
      ]}
      act={words.act}
      onSubmit={(values) => proceed(view, "/api/v1/staff-auth/password", values)}
    >
      <PasskeyButton {...view} />
    </AuthForm>
  );
}

function PasskeyButton({ call, onState }: View): JSX.Element | null {
  const words = useWords(SIGN_IN);
  const sentence = useSignInSentence();
  const [told, setTold] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  if (!("PublicKeyCredential" in globalThis)) return null;
  const go = async (): Promise<void> => {
    setBusy(true);
    const answer = await signInWithPasskey(call);
    if (answer?.ok) return onState(answer.value.state);
    setBusy(false);
    setTold(answer ? sentence(answer.problem) : words.passkeyFailed);
  };
  return (
    <>
      <Button icon="key" busy={isBusy} onClick={() => void go()}>
        {words.passkey}
      </Button>
      {told !== null && (
        <p class="note danger-text" role="alert">
          {told}
        </p>
      )}
    </>
  );
}

function StepView({ onBack, ...view }: View & { onBack: () => void }): JSX.Element {
  const words = useWords(SIGN_IN);
  return (
    <AuthForm
      title={words.stepTitle}
      intro={words.stepHelp}
      fields={[{ name: "code", label: words.code, autocomplete: "one-time-code", isCode: true }]}
      act={words.stepAct}
      onSubmit={(values) => proceed(view, "/api/v1/staff-auth/second-step", values)}
    >
      <Button kind="link" onClick={onBack}>
        {words.back}
      </Button>
    </AuthForm>
  );
}

function SetupView({ onOwner, ...view }: View & { onOwner: () => void }): JSX.Element {
  const words = useWords(SIGN_IN);
  const submit = async (values: Readonly<Record<string, string>>): Promise<Problem | null> => {
    const problem = await proceed(view, "/api/v1/staff-auth/setup", values);
    if (problem?.figures["reason"] === "has_owner") onOwner();
    return problem?.code === "forbidden"
      ? { ...problem, figures: { ...problem.figures, reason: "wrong_key" } }
      : problem;
  };
  return (
    <AuthForm
      title={words.setupTitle}
      intro={words.setupHelp}
      fields={[
        { name: "setupKey", label: words.setupKey, type: "password", autocomplete: "off" },
        { name: "merchantName", label: words.merchantName, autocomplete: "organization" },
        { name: "name", label: words.name, autocomplete: "name" },
        { name: "email", label: words.email, type: "email", autocomplete: "username" },
        {
          ...{ name: "password", label: words.newPassword, type: "password" as const },
          ...{ autocomplete: "new-password", help: words.passwordHelp },
        },
      ]}
      act={words.setupAct}
      onSubmit={submit}
    />
  );
}

function DevelopmentView({ call, onState }: View): JSX.Element {
  const words = useWords(SIGN_IN);
  const [name, setName] = useState("owner");
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const body = { memberId: name.trim(), role: "staff" };
    const answer = await call("POST", "/api/v1/dev/login", body);
    setBusy(false);
    if (answer.ok) onState("signed_in");
  };
  return (
    <form class="development" onSubmit={(event) => void submit(event)}>
      <label for="name">{words.developmentName}</label>
      <input
        id="name"
        class="in"
        value={name}
        required
        autocomplete="off"
        aria-describedby="name-help"
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" busy={isBusy}>
        {words.development}
      </Button>
      <p id="name-help" class="note mute">
        {words.developmentHelp}
      </p>
    </form>
  );
}
