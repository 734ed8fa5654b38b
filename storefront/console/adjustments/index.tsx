import { pages } from "../section.ts";
import { AdjustmentsPage } from "./adjustments-page.tsx";

export default pages({ path: "", page: AdjustmentsPage });
