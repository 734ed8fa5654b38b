import { pages } from "../section.ts";
import { RolesPage } from "./roles-page.tsx";

export default pages({ path: "", page: RolesPage });
