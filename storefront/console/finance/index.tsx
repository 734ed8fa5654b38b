import { pages } from "../section.ts";
import { CasesPage } from "./cases-page.tsx";
import { MoneyPage } from "./money-page.tsx";
import { SettingsPage } from "./settings-page.tsx";
import "./finance.css";

export default pages(
  { path: "", page: CasesPage },
  { path: "money", page: MoneyPage },
  { path: "settings", page: SettingsPage },
);
