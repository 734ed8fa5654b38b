import { pages } from "../section.ts";
import { CasesPage } from "./cases-page.tsx";
import { MoneyPage } from "./money-page.tsx";
import { StoredPage } from "./stored-page.tsx";
import { SettingsPage } from "./settings-page.tsx";
import "./finance.css";

export default pages(
  { path: "", page: CasesPage },
  { path: "money", page: MoneyPage },
  { path: "stored-value", page: StoredPage },
  { path: "settings", page: SettingsPage },
);
