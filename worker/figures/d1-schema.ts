import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** How far the digest has read a table, by rowid. `stamp` names the step that the other rows of its batch belong to. */
export const digestMarks = sqliteTable("digest_marks", {
  name: text("name").primaryKey(),
  mark: integer("mark").notNull(),
  stamp: text("stamp").notNull(),
  /** When the last step was made. */
  atMs: integer("at_ms").notNull(),
});

/** Projection: entries of one day and type, and the sum of their signed points. Day −1 holds the sums of all days. */
export const dayFigures = sqliteTable(
  "day_figures",
  {
    programmeId: text("programme_id").notNull(),
    day: integer("day").notNull(),
    type: text("type").notNull(),
    entries: integer("entries").notNull(),
    points: integer("points").notNull(),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.day, table.type] })],
);

/** Projection: what was redeemed of one goods on one day; `returned` units were cancelled on it. */
export const goodsDayFigures = sqliteTable(
  "goods_day_figures",
  {
    programmeId: text("programme_id").notNull(),
    skuId: text("sku_id").notNull(),
    day: integer("day").notNull(),
    orders: integer("orders").notNull(),
    units: integer("units").notNull(),
    points: integer("points").notNull(),
    returned: integer("returned").notNull(),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.skuId, table.day] })],
);

/** Projection: units of one goods redeemed, and not returned, in the 30 days up to `day`. */
export const goodsFigures = sqliteTable(
  "goods_figures",
  {
    programmeId: text("programme_id").notNull(),
    skuId: text("sku_id").notNull(),
    day: integer("day").notNull(),
    units30: integer("units_30").notNull(),
    points30: integer("points_30").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.skuId] }),
    index("goods_figures_hot").on(table.programmeId, table.units30),
    index("goods_figures_to_roll")
      .on(table.day)
      .where(sql`units_30 <> 0`),
  ],
);

/** Figures that take long to count, as they were counted last. */
export const slowFigures = sqliteTable("slow_figures", {
  programmeId: text("programme_id").primaryKey(),
  /** JSON. */
  body: text("body").notNull(),
  atMs: integer("at_ms").notNull(),
});
