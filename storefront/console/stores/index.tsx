import { pages } from "../section.ts";
import { StoresPage } from "./stores-page.tsx";

export default pages({ path: "", page: StoresPage });
