import { pages } from "../section.ts";
import { GiftsPage } from "./gifts-page.tsx";
import { SegmentsPage } from "./segments-page.tsx";

export default pages({ path: "", page: SegmentsPage }, { path: "gifts", page: GiftsPage });
