import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button, Empty, Failed, Loading, useWords, type Call, type Problem } from "../kit/index.ts";
import { AuthForm, type AuthField } from "./auth-form.tsx";
import type { SignedIn } from "./index.tsx";
import { SIGN_IN } from "./words.ts";

interface Link {
  readonly kind: "invite" | "reset";
  readonly email: string;
  readonly programmeName: string;
  readonly isKnown: boolean;
}

/** A one-time link: to join, or to choose a new password. Its token stands in the fragment, which is never sent by itself. */
export function LinkView({
  kind,
  call,
  onState,
}: {
  kind: "join" | "reset";
  call: Call;
  onState: (state: SignedIn["state"]) => void;
}): JSX.Element {
  const words = useWords(SIGN_IN);
  const [token] = useState(() => location.hash.slice(1));
  const [link, setLink] = useState<Link | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    void call<Link>("POST", "/api/v1/staff-auth/link", { token: token || "none" }).then(
      (answer) => {
        if (answer.ok) setLink(answer.value);
        else setProblem(answer.problem);
      },
    );
  }, [call, token]);
  if (problem?.code === "not_found") return <Gone />;
  if (problem) return <Failed problem={problem} />;
  if (!link) return <Loading rows={3} />;
  const send = async (path: string, body: unknown): Promise<Problem | null> => {
    const answer = await call<SignedIn>("POST", path, body);
    if (answer.ok) {
      onState(answer.value.state);
      return null;
    }
    if (answer.problem.code === "not_found") setProblem(answer.problem);
    return answer.problem;
  };
  const password: AuthField = {
    ...{ name: "password", type: "password", autocomplete: "new-password" },
    ...{ label: words.newPassword, help: words.passwordHelp },
  };
  if (kind === "reset") {
    return (
      <AuthForm
        title={words.resetTitle}
        intro={words.resetHelp(link.email)}
        fields={[password]}
        act={words.resetAct}
        onSubmit={(values) => send("/api/v1/staff-auth/reset", { token, ...values })}
      />
    );
  }
  const known: AuthField = {
    ...{ name: "password", type: "password", autocomplete: "current-password" },
    label: words.password,
  };
  return (
    <AuthForm
      title={words.joinTitle(link.programmeName)}
      intro={link.isKnown ? words.joinKnown(link.email) : words.joinNew(link.email)}
      fields={
        link.isKnown
          ? [known]
          : [{ name: "name", label: words.name, autocomplete: "name" }, password]
      }
      act={words.joinAct}
      onSubmit={(values) =>
        send("/api/v1/staff-auth/join", { token, name: link.email.slice(0, 40), ...values })
      }
    />
  );
}

function Gone(): JSX.Element {
  const words = useWords(SIGN_IN);
  return (
    <Empty icon="lock" title={words.linkGone} body={words.linkGoneHelp}>
      <Button href="/console">{words.toSignIn}</Button>
    </Empty>
  );
}
