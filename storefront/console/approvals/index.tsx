import { pages } from "../section.ts";
import { ApprovalsPage } from "./approvals-page.tsx";
import { ThresholdsPage } from "./thresholds-page.tsx";

export default pages(
  { path: "", page: ApprovalsPage },
  { path: "thresholds", page: ThresholdsPage },
);
