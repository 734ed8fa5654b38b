import { sql } from "drizzle-orm";
import {
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

/** Authority: counts the changes of a programme's catalogue. What is cached at the edge carries the count in its name. */
export const catalogues = sqliteTable("catalogues", {
  programmeId: text("programme_id").primaryKey(),
  version: integer("version").notNull(),
  /** Counts the saves of the category tree. */
  categoriesRevision: integer("categories_revision").notNull(),
  /** Names the write that the other rows of its batch belong to. */
  stamp: text("stamp").notNull(),
});

/** Authority: the tree of categories, in the order staff gave it. */
export const categories = sqliteTable(
  "categories",
  {
    programmeId: text("programme_id").notNull(),
    categoryId: text("category_id").notNull(),
    /** Null: at the top. */
    parentId: text("parent_id"),
    name: text("name").notNull(),
    position: integer("position").notNull(),
    isHidden: integer("is_hidden", { mode: "boolean" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.categoryId] })],
);

/** Authority: goods. `body` is the whole document; the other columns are what lists filter and sort by. */
export const goods = sqliteTable(
  "goods",
  {
    programmeId: text("programme_id").notNull(),
    goodsId: text("goods_id").notNull(),
    revision: integer("revision").notNull(),
    /** The revision that the Sku objects were told; less than `revision` until they were. */
    appliedRevision: integer("applied_revision").notNull(),
    stamp: text("stamp").notNull(),
    state: text("state").notNull(),
    kind: text("kind").notNull(),
    role: text("role").notNull(),
    categoryId: text("category_id"),
    /** Null: of the whole programme. */
    brandId: text("brand_id"),
    /** Empty: the goods name none. */
    supplierName: text("supplier_name").notNull().default(""),
    /** The supplier sends the parcels. */
    isDropShipped: integer("is_drop_shipped", { mode: "boolean" }).notNull().default(false),
    title: text("title").notNull(),
    /** The title as duplicates are found by. */
    titleKey: text("title_key").notNull(),
    position: integer("position").notNull(),
    /** Of the cheapest SKU. */
    pricePoints: integer("price_points").notNull(),
    /** JSON: what a card in a list shows. */
    card: text("card").notNull(),
    /** JSON: the goods as staff edit them. */
    body: text("body").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
    updatedBy: text("updated_by").notNull(),
    publishedAtMs: integer("published_at_ms"),
    /** When the clock has something to do: publish, withdraw, or tell the Sku objects again. */
    dueAtMs: integer("due_at_ms"),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.goodsId] }),
    index("goods_by_position").on(table.programmeId, table.state, table.position, table.goodsId),
    index("goods_by_category").on(
      ...[table.programmeId, table.categoryId, table.state, table.position, table.goodsId],
    ),
    index("goods_by_price").on(table.programmeId, table.state, table.pricePoints, table.goodsId),
    index("goods_by_news").on(table.programmeId, table.state, table.publishedAtMs, table.goodsId),
    index("goods_by_update").on(table.programmeId, table.updatedAtMs, table.goodsId),
    index("goods_by_role").on(table.programmeId, table.state, table.role),
    index("goods_by_title").on(table.programmeId, table.titleKey),
    index("goods_by_brand")
      .on(table.programmeId, table.brandId)
      .where(sql`brand_id IS NOT NULL`),
    index("goods_by_supplier")
      .on(table.programmeId, table.supplierName)
      .where(sql`supplier_name <> ''`),
    index("goods_drop_shipped")
      .on(table.programmeId, table.isDropShipped)
      .where(sql`is_drop_shipped = 1`),
    index("goods_due")
      .on(table.dueAtMs)
      .where(sql`due_at_ms IS NOT NULL`),
  ],
);

/** Authority: the variants of goods. Each is a Sku object, which alone knows its units. */
export const goodsSkus = sqliteTable(
  "goods_skus",
  {
    programmeId: text("programme_id").notNull(),
    skuId: text("sku_id").notNull(),
    goodsId: text("goods_id").notNull(),
    position: integer("position").notNull(),
    /** The merchant's own number of it, such as a bar code; empty: none. */
    code: text("code").notNull(),
    /** A shelf of so many units or less is told to staff; null: never. */
    lowStockUnits: integer("low_stock_units"),
    /** False: it was taken out of the matrix; its orders and units stay. */
    isActive: integer("is_active", { mode: "boolean" }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.skuId] }),
    index("goods_skus_by_goods").on(table.programmeId, table.goodsId, table.position),
    uniqueIndex("goods_skus_by_code")
      .on(table.programmeId, table.code)
      .where(sql`code <> ''`),
    index("goods_skus_watched")
      .on(table.programmeId, table.skuId)
      .where(sql`low_stock_units IS NOT NULL`),
  ],
);

/** Authority: what a store does with goods in its own way. No row: everything as headquarters have it. */
export const storeGoods = sqliteTable(
  "store_goods",
  {
    programmeId: text("programme_id").notNull(),
    goodsId: text("goods_id").notNull(),
    storeId: text("store_id").notNull(),
    isHidden: integer("is_hidden", { mode: "boolean" }).notNull(),
    /** The store has units of its own, in a Sku object of its own, and its prices hold for those. */
    sellsOwn: integer("sells_own", { mode: "boolean" }).notNull(),
    /** JSON: `{skuId, pricePoints, priceFen}` of variants that cost something else there. */
    prices: text("prices").notNull(),
    revision: integer("revision").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
    updatedBy: text("updated_by").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.goodsId, table.storeId] }),
    index("store_goods_by_store").on(table.programmeId, table.storeId, table.goodsId),
  ],
);

/** Authority: every save of goods, so that two people who edit the same can be shown both. */
export const goodsRevisions = sqliteTable(
  "goods_revisions",
  {
    programmeId: text("programme_id").notNull(),
    goodsId: text("goods_id").notNull(),
    revision: integer("revision").notNull(),
    body: text("body").notNull(),
    savedBy: text("saved_by").notNull(),
    savedAtMs: integer("saved_at_ms").notNull(),
    /** The CSV import that saved it, so that one which is taken up again goes on behind it; null: none. */
    importId: text("import_id"),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.goodsId, table.revision] })],
);

/** Index: pairs of neighbouring Chinese characters, and Latin words, by which goods are found. */
export const goodsGrams = sqliteTable(
  "goods_grams",
  {
    programmeId: text("programme_id").notNull(),
    gram: text("gram").notNull(),
    goodsId: text("goods_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.gram, table.goodsId] }),
    index("goods_grams_by_goods").on(table.programmeId, table.goodsId),
  ],
);

/** Index: labels of goods. */
export const goodsTags = sqliteTable(
  "goods_tags",
  {
    programmeId: text("programme_id").notNull(),
    tag: text("tag").notNull(),
    goodsId: text("goods_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.tag, table.goodsId] }),
    index("goods_tags_by_goods").on(table.programmeId, table.goodsId),
  ],
);

/** Record of every stock command of staff; the Sku object is the authority for the units. */
export const stockMovements = sqliteTable(
  "stock_movements",
  {
    programmeId: text("programme_id").notNull(),
    requestId: text("request_id").notNull(),
    skuId: text("sku_id").notNull(),
    cause: text("cause").notNull(),
    units: integer("units").notNull(),
    /** What the Sku object answered; null: not yet. */
    shelfAfter: integer("shelf_after"),
    note: text("note").notNull(),
    actor: text("actor").notNull(),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.requestId] }),
    index("stock_movements_by_sku").on(table.programmeId, table.skuId, table.atMs),
  ],
);
