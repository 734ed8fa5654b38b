/** Merchant, points programmes, brands and stores, in D1. */
import { STORE_FIELDS } from "./tenants.ts";
import { newId } from "./tokens.ts";
import type { Brand, Store, Tenant } from "./wire.ts";

/** The statements by which a merchant begins: itself, its points, its first brand. */
export function newTenant(
  db: D1Database,
  programmeId: string,
  name: string,
  nowMs: number,
): D1PreparedStatement[] {
  const merchantId = newId("mer");
  return [
    db
      .prepare(
        `INSERT INTO merchants (merchant_id, name, created_at_ms) SELECT ?1, ?2, ?3
         WHERE NOT EXISTS (SELECT 1 FROM points_programmes WHERE programme_id = ?4)`,
      )
      .bind(merchantId, name, nowMs, programmeId),
    db
      .prepare(
        `INSERT INTO points_programmes (programme_id, merchant_id, name, created_at_ms) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO NOTHING`,
      )
      .bind(programmeId, merchantId, name, nowMs),
    db
      .prepare(
        `INSERT INTO brands (merchant_id, brand_id, programme_id, name, state, store_may_set, revision)
         SELECT merchant_id, 'main', programme_id, ?2, 'active', '[]', 1 FROM points_programmes WHERE programme_id = ?1
         ON CONFLICT DO NOTHING`,
      )
      .bind(programmeId, name),
  ];
}

const BRANDS = `SELECT brand_id AS brandId, name, programme_id AS programmeId, state, store_may_set AS storeMaySet,
  revision AS version FROM brands`;
const STORES = `SELECT store_id AS storeId, brand_id AS brandId, name, address, state, revision AS version FROM stores`;

type BrandRow = Omit<Brand, "storeMaySet"> & { readonly storeMaySet: string };

/** Null: this programme belongs to no merchant yet, as one that only the development login knows. */
export async function readTenant(db: D1Database, programmeId: string): Promise<Tenant | null> {
  const [heads, brands, stores] = await db.batch([
    db
      .prepare(
        `SELECT m.merchant_id AS merchantId, m.name AS merchantName, p.name FROM points_programmes AS p
         JOIN merchants AS m ON m.merchant_id = p.merchant_id WHERE p.programme_id = ?1`,
      )
      .bind(programmeId),
    db.prepare(`${BRANDS} WHERE programme_id = ?1 ORDER BY name LIMIT 200`).bind(programmeId),
    db.prepare(`${STORES} WHERE programme_id = ?1 ORDER BY name LIMIT 5000`).bind(programmeId),
  ]);
  const [head] = (heads?.results ?? []) as {
    merchantId: string;
    merchantName: string;
    name: string;
  }[];
  if (!head) return null;
  return {
    merchant: { merchantId: head.merchantId, name: head.merchantName },
    programme: { programmeId, name: head.name },
    brands: ((brands?.results ?? []) as unknown as BrandRow[]).map(readBrand),
    stores: (stores?.results ?? []) as unknown as Store[],
  };
}

export async function readBrandOf(
  db: D1Database,
  programmeId: string,
  brandId: string,
): Promise<Brand | null> {
  const row = await db
    .prepare(`${BRANDS} WHERE programme_id = ?1 AND brand_id = ?2`)
    .bind(programmeId, brandId)
    .first<BrandRow>();
  return row && readBrand(row);
}

export function readStore(
  db: D1Database,
  programmeId: string,
  storeId: string,
): Promise<Store | null> {
  return db
    .prepare(`${STORES} WHERE programme_id = ?1 AND store_id = ?2`)
    .bind(programmeId, storeId)
    .first<Store>();
}

function readBrand(row: BrandRow): Brand {
  const words = JSON.parse(row.storeMaySet) as string[];
  return { ...row, storeMaySet: STORE_FIELDS.filter((field) => words.includes(field)) };
}
