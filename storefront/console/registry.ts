/** Every section of the console, one line each, in the order of the side navigation. */
import type { Section } from "./section.ts";
import { dashboard } from "./dashboard/section.ts";
import { pagesSection } from "./pages/section.ts";
import { rules } from "./rules/section.ts";

export const SECTIONS: readonly Section[] = [
  // daily
  dashboard,
  // goods
  // members
  rules,
  // front
  pagesSection,
  // system
];
