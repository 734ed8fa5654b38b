import { pages } from "../section.ts";
import { LedgerPage } from "./ledger-page.tsx";
import "./ledger.css";

export default pages({ path: "", page: LedgerPage });
