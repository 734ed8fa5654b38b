import type { Locale } from "../../kit/index.ts";
import { finance } from "./finance.ts";
import { restaurant } from "./restaurant.ts";
import { retail } from "./retail.ts";
import { tea } from "./tea.ts";
import { templateIn, type Template } from "./template.ts";

/** Goods, pages and rules in the language in which somebody chooses them. */
export const templatesIn = (locale: Locale): readonly Template[] =>
  [tea, retail, restaurant, finance].map((told) => templateIn(locale, told));
