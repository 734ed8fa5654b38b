import { render } from "preact";
import { answerAhead, askAhead } from "./kit/client.ts";
import { Router } from "./kit/router.ts";
import "../ui/tokens.css";
import "./kit/base.css";
import "./kit/table.css";
import "./kit/form.css";
import "./shell/shell.css";
import "./kit/touch.css";
import { SECTIONS } from "./registry.ts";
import { App } from "./shell/app.tsx";
import { hrefOf, sectionAt } from "./shell/places.ts";
import { fetchPages } from "./shell/section-view.tsx";
import { readStart } from "./shell/start-data.ts";

const start = readStart();
const router = new Router();
// The section's file comes while the shell is drawn; a failure shows where the section would.
const first = start.me && sectionAt(SECTIONS, router.path);
if (first) {
  fetchPages(first).catch(() => null);
  const isFirstPage = hrefOf(first) === router.path.replace(/\/$/, "");
  for (const { path, body } of start.first) answerAhead(path, body);
  // A development server answers nothing ahead.
  if (start.first.length === 0 && isFirstPage && location.search === "")
    for (const path of first.reads ?? []) askAhead(path, start.locale);
}
const place = document.getElementById("app");
if (place) render(<App start={start} router={router} />, place);
