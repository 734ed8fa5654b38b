import { pages } from "../section.ts";
import { EditorPage } from "./editor-page.tsx";
import { LookPage } from "./look-page.tsx";
import { StartPage } from "./start-page.tsx";
import "./pages.css";

export default pages(
  { path: "", page: EditorPage },
  { path: "look", page: LookPage },
  { path: "start", page: StartPage },
  { path: ":pageId", page: EditorPage },
);
