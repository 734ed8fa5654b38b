import type { JSX } from "preact";
import type { Locale } from "../../../worker/pages/page-data.ts";
import type { Welcome } from "../../../worker/pages/wire.ts";
import { signInText } from "../../locales/sign-in.ts";

/** In the note itself: no page but the one a newcomer lands on carries its style. */
const NOTE_STYLE = {
  display: "flex",
  flexWrap: "wrap",
  alignItems: "center",
  justifyContent: "center",
  padding: "0 16px",
  textAlign: "center",
  fontSize: "var(--t-small)",
  lineHeight: "var(--lh-small)",
  background: "var(--ok-tint)",
  color: "var(--ok-text)",
} as const;
const LINK_STYLE = {
  display: "inline-flex",
  alignItems: "center",
  minHeight: "var(--target)",
  marginLeft: "8px",
  fontWeight: "var(--w-bold)",
  textDecoration: "underline",
  textUnderlineOffset: "3px",
} as const;

/** What becoming a member gave, over the page that the sign-in led to: once, in its first HTML, with no script of its own. */
export function WelcomeNote({
  welcome,
  locale,
}: {
  welcome: Welcome;
  locale: Locale;
}): JSX.Element {
  const words = signInText(locale).welcome;
  return (
    <p role="status" data-once style={NOTE_STYLE}>
      {welcome.isPending ? words.pending(welcome.points) : words.arrived(welcome.points)}
      <a href="/points" style={LINK_STYLE}>
        {words.see}
      </a>
    </p>
  );
}
