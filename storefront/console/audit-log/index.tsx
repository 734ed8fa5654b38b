import { pages } from "../section.ts";
import { AuditLogPage } from "./audit-log-page.tsx";

export default pages({ path: "", page: AuditLogPage });
