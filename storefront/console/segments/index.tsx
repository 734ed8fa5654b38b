import { pages } from "../section.ts";
import { SegmentsPage } from "./segments-page.tsx";

export default pages({ path: "", page: SegmentsPage });
