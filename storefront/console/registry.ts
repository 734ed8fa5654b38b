/** Every section of the console, one line each, in the order of the side navigation. */
import type { Section } from "./section.ts";
import { orders } from "./orders/section.ts";
import { writeOff } from "./write-off/section.ts";
import { channels } from "./channels/section.ts";
import { pagesSection } from "./pages/section.ts";
import { adjustments } from "./adjustments/section.ts";
import { approvals } from "./approvals/section.ts";
import { auditLog } from "./audit-log/section.ts";
import { dashboard } from "./dashboard/section.ts";
import { ledger } from "./ledger/section.ts";
import { members } from "./members/section.ts";
import { goodsSection } from "./goods/section.ts";
import { finance } from "./finance/section.ts";
import { people } from "./people/section.ts";
import { roles } from "./roles/section.ts";
import { rules } from "./rules/section.ts";
import { sales } from "./sales/section.ts";
import { security } from "./security/section.ts";
import { segments } from "./segments/section.ts";
import { storeGoods } from "./store-goods/section.ts";
import { stores } from "./stores/section.ts";

export const SECTIONS: readonly Section[] = [
  // daily
  dashboard,
  approvals,
  finance,
  orders,
  writeOff,
  // goods
  goodsSection,
  storeGoods,
  sales,
  // members
  members,
  segments,
  adjustments,
  ledger,
  rules,
  // front
  pagesSection,
  channels,
  // system
  people,
  roles,
  stores,
  auditLog,
  security,
];
