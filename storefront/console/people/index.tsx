import { pages } from "../section.ts";
import { PeoplePage } from "./people-page.tsx";

export default pages({ path: "", page: PeoplePage });
