import "./rules.css";
import { pages } from "../section.ts";
import { CodesPage } from "./codes-page.tsx";
import { InvitesPage } from "./invites-page.tsx";
import { OverviewPage } from "./overview-page.tsx";
import { RulePage } from "./rule-page.tsx";
import { TasksPage } from "./tasks-page.tsx";
import { TermsPage } from "./terms-page.tsx";

export default pages(
  { path: "", page: OverviewPage },
  { path: "tasks", page: TasksPage },
  { path: "codes", page: CodesPage },
  { path: "invites", page: InvitesPage },
  { path: "terms/:kind", page: TermsPage },
  { path: ":shelf/:id", page: RulePage },
);
