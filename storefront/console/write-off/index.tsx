import { pages } from "../section.ts";
import { DeskPage } from "./desk-page.tsx";
import "../orders/orders.css";

export default pages({ path: "", page: DeskPage });
