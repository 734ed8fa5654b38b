import { pages } from "../section.ts";
import { SecurityPage } from "./security-page.tsx";

export default pages({ path: "", page: SecurityPage });
