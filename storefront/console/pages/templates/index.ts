import { finance } from "./finance.ts";
import { restaurant } from "./restaurant.ts";
import { retail } from "./retail.ts";
import { tea } from "./tea.ts";
import type { Template } from "./template.ts";

export const TEMPLATES: readonly Template[] = [tea, retail, restaurant, finance];
