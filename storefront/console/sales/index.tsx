import { pages } from "../section.ts";
import { CalendarPage } from "./calendar-page.tsx";
import { EditorPage } from "./editor-page.tsx";
import { MonitorPage } from "./monitor-page.tsx";
import { RehearsalPage } from "./rehearsal-page.tsx";
import "./sales.css";

export default pages(
  { path: "", page: CalendarPage },
  { path: "sessions/:sessionId", page: EditorPage },
  { path: "live/:saleId", page: MonitorPage },
  { path: "rehearsals/:rehearsalId", page: RehearsalPage },
);
