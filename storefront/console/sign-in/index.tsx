import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import {
  Button,
  Field,
  bilingual,
  createClient,
  useProblemSentence,
  useWords,
  type Problem,
} from "../kit/index.ts";
import type { SignInProps } from "../shell/sign-in-place.tsx";

const WORDS = bilingual(
  {
    title: "登录控制台",
    name: "用户名",
    help: "开发登录：任何用户名都以店主身份进入，只在 DEV_LOGIN=on 时可用。",
    act: "登录",
    closed: "这里没有开放登录。",
  },
  {
    title: "Sign in",
    name: "User name",
    help: "Development sign-in: any name enters as an owner, only where DEV_LOGIN=on.",
    act: "Sign in",
    closed: "Signing in is not open here.",
  },
);

export function SignIn({ start, onSignedIn }: SignInProps): JSX.Element {
  const words = useWords(WORDS);
  const sentence = useProblemSentence();
  const [name, setName] = useState("owner");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    document.title = words.title;
  }, [words]);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const call = createClient({
      locale: () => document.documentElement.lang,
      onSignedOut: () => {},
    });
    const answer = await call("POST", "/api/v1/dev/login", {
      memberId: name.trim(),
      role: "staff",
    });
    if (answer.ok) return onSignedIn();
    setBusy(false);
    setProblem(answer.problem);
  };
  if (!start.devLogin) return <p>{words.closed}</p>;
  return (
    <form class="form" onSubmit={(event) => void submit(event)}>
      <h1>{words.title}</h1>
      <Field id="name" label={words.name} error={problem && sentence(problem)} help={words.help}>
        <input
          id="name"
          class="in"
          value={name}
          required
          autocomplete="username"
          aria-describedby="name-help"
          aria-invalid={problem !== null}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </Field>
      <Button kind="primary" type="submit" busy={isBusy}>
        {words.act}
      </Button>
    </form>
  );
}
