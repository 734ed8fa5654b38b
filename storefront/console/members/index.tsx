import { pages } from "../section.ts";
import { MemberPage } from "./member-page.tsx";
import { MembersPage } from "./members-page.tsx";
import "./members.css";

export default pages({ path: "", page: MembersPage }, { path: ":memberId", page: MemberPage });
