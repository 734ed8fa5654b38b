import { pages } from "../section.ts";
import { DashboardPage } from "./dashboard-page.tsx";

export default pages({ path: "", page: DashboardPage });
