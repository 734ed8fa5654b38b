import type { JSX } from "preact";
import { TextField, useWords, type Form } from "../kit/index.ts";
import { MEMBERS } from "./words.ts";

/** The reason that stands beside an act on somebody in the audit log. */
export function WhyField({ form }: { form: Form<{ reason: string }> }): JSX.Element {
  const words = useWords(MEMBERS);
  const { why: label, whyHelp: help } = words;
  return <TextField {...{ form, name: "reason", label, help }} required maxLength={120} />;
}
