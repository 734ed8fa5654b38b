import { pages } from "../section.ts";
import { AdjustmentsPage } from "./adjustments-page.tsx";
import { ImportPage } from "./import-page.tsx";

export default pages({ path: "", page: AdjustmentsPage }, { path: "import", page: ImportPage });
