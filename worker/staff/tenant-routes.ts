/** Merchant → brands → stores, and what headquarters let a store decide. */
import { z } from "@hono/zod-openapi";
import { AT_STORE } from "../kernel/ids.ts";
import { json, type Api } from "../platform/http/api.ts";
import { guarded, idSchema, nameSchema, versionSchema, type StaffCall } from "./http.ts";
import { newTenant, readBrandOf, readStore, readTenant } from "./tenant-store.ts";
import { STORE_FIELDS } from "./tenants.ts";
import type { Tenant } from "./wire.ts";

const STATES = ["active", "archived"] as const;
const addressSchema = z.string().trim().max(120);

const brandSchema = z
  .object({
    brandId: z.string(),
    name: z.string(),
    programmeId: z.string(),
    state: z.enum(STATES),
    storeMaySet: z.array(z.enum(STORE_FIELDS)).describe("What its stores may set for themselves."),
    version: z.int(),
  })
  .openapi("Brand");

const storeSchema = z
  .object({
    storeId: z.string(),
    brandId: z.string(),
    name: z.string(),
    address: z.string(),
    state: z.enum(STATES),
    version: z.int(),
  })
  .openapi("Store");

const tenantSchema = z
  .object({
    merchant: z.object({ merchantId: z.string(), name: z.string() }),
    programme: z.object({ programmeId: z.string(), name: z.string() }),
    brands: z.array(brandSchema),
    stores: z.array(storeSchema),
  })
  .openapi("Tenant");

export function tenantRoutes(api: Api): void {
  readRoute(api);
  newBrandRoute(api);
  brandRoute(api);
  newStoreRoute(api);
  storeRoute(api);
}

/** A programme that only the development login knows becomes a merchant's at the first write. */
async function tenantOf({ env, session, nowMs }: StaffCall): Promise<Tenant> {
  const { programmeId } = session;
  const known = await readTenant(env.DB, programmeId);
  if (known) return known;
  await env.DB.batch(newTenant(env.DB, programmeId, programmeId, nowMs));
  const made = await readTenant(env.DB, programmeId);
  if (!made) throw new Error("a tenant that was made is there");
  return made;
}

/** What a programme without a merchant looks like. */
const bare = (programmeId: string): Tenant => ({
  merchant: { merchantId: "", name: programmeId },
  programme: { programmeId, name: programmeId },
  ...{ brands: [], stores: [] },
});

function readRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/tenant",
      access: "staff",
      permission: "settings.read",
      tag: "Brands and stores",
      summary: "The merchant, its points, its brands and stores",
      responses: { 200: { description: "All of it", schema: tenantSchema } },
    },
    ({ env, session, problem }) =>
      guarded(problem, async () => {
        const { programmeId } = session;
        return json((await readTenant(env.DB, programmeId)) ?? bare(programmeId));
      }),
  );
}

const brandBody = {
  name: nameSchema,
  storeMaySet: z.array(z.enum(STORE_FIELDS)).max(STORE_FIELDS.length),
};

function newBrandRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/brands",
      access: "staff",
      permission: "settings.write",
      tag: "Brands and stores",
      summary: "Makes a brand that shares the points of this programme",
      body: z.object({ brandId: idSchema, ...brandBody }).openapi("NewBrand"),
      responses: { 201: { description: "Made", schema: brandSchema } },
      problems: ["conflict"],
    },
    (call) =>
      guarded(call.problem, async () => {
        const { env, session, body, problem } = call;
        const { merchant } = await tenantOf(call);
        const inserted = await env.DB.prepare(
          `INSERT INTO brands (merchant_id, brand_id, programme_id, name, state, store_may_set, revision)
           VALUES (?1, ?2, ?3, ?4, 'active', ?5, 1) ON CONFLICT DO NOTHING`,
        )
          .bind(
            merchant.merchantId,
            body.brandId,
            session.programmeId,
            body.name,
            JSON.stringify(body.storeMaySet),
          )
          .run();
        if (inserted.meta.changes === 0) return problem("conflict", { reason: "exists" });
        call.audit({ subject: `brand:${body.brandId}` });
        return json(await readBrandOf(env.DB, session.programmeId, body.brandId), 201);
      }),
  );
}

function brandRoute(api: Api): void {
  api.route(
    {
      method: "put",
      path: "/api/v1/staff/brands/{brandId}",
      access: "staff",
      permission: "settings.write",
      tag: "Brands and stores",
      summary: "Changes a brand's name, and what its stores may set for themselves",
      params: z.object({ brandId: idSchema }),
      body: z
        .object({ ...brandBody, state: z.enum(STATES), version: versionSchema })
        .openapi("BrandChange"),
      responses: { 200: { description: "After it", schema: brandSchema } },
      problems: ["not_found", "conflict"],
    },
    (call) =>
      guarded(call.problem, async () => {
        const { env, session, params, body, problem } = call;
        const { programmeId } = session;
        const before = await readBrandOf(env.DB, programmeId, params.brandId);
        if (!before) return problem("not_found");
        const updated = await env.DB.prepare(
          `UPDATE brands SET name = ?3, store_may_set = ?4, state = ?5, revision = revision + 1
           WHERE programme_id = ?1 AND brand_id = ?2 AND revision = ?6`,
        )
          .bind(
            ...[programmeId, params.brandId, body.name],
            ...[JSON.stringify(body.storeMaySet), body.state, body.version],
          )
          .run();
        if (updated.meta.changes === 0) {
          return problem("conflict", { reason: "changed_meanwhile", current: before });
        }
        call.audit({ before });
        return json(await readBrandOf(env.DB, programmeId, params.brandId));
      }),
  );
}

const storeBody = { name: nameSchema, brandId: idSchema, address: addressSchema };

function newStoreRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/stores",
      access: "staff",
      permission: "settings.write",
      tag: "Brands and stores",
      summary: "Makes a store of a brand",
      body: z
        .object({
          storeId: idSchema.refine((id) => !id.includes(AT_STORE), `without ${AT_STORE}`),
          ...storeBody,
        })
        .openapi("NewStore"),
      responses: { 201: { description: "Made", schema: storeSchema } },
      problems: ["not_found", "conflict"],
    },
    (call) =>
      guarded(call.problem, async () => {
        const { env, session, body, problem } = call;
        const { brands } = await tenantOf(call);
        if (!brands.some((brand) => brand.brandId === body.brandId)) return problem("not_found");
        const inserted = await env.DB.prepare(
          `INSERT INTO stores (programme_id, store_id, brand_id, name, address, state, revision)
           VALUES (?1, ?2, ?3, ?4, ?5, 'active', 1) ON CONFLICT DO NOTHING`,
        )
          .bind(session.programmeId, body.storeId, body.brandId, body.name, body.address)
          .run();
        if (inserted.meta.changes === 0) return problem("conflict", { reason: "exists" });
        call.audit({ subject: `store:${body.storeId}` });
        return json(await readStore(env.DB, session.programmeId, body.storeId), 201);
      }),
  );
}

function storeRoute(api: Api): void {
  api.route(
    {
      method: "put",
      path: "/api/v1/staff/stores/{storeId}",
      access: "staff",
      permission: "settings.write",
      tag: "Brands and stores",
      summary:
        "Changes a store's name, brand and address, or archives it: nobody is bound to it any more",
      params: z.object({ storeId: idSchema }),
      body: z
        .object({ ...storeBody, state: z.enum(STATES), version: versionSchema })
        .openapi("StoreChange"),
      responses: { 200: { description: "After it", schema: storeSchema } },
      problems: ["not_found", "conflict"],
    },
    (call) =>
      guarded(call.problem, async () => {
        const { env, session, params, body, problem } = call;
        const { programmeId } = session;
        const before = await readStore(env.DB, programmeId, params.storeId);
        const brand = await readBrandOf(env.DB, programmeId, body.brandId);
        if (!before || !brand) return problem("not_found");
        const updated = await env.DB.prepare(
          `UPDATE stores SET name = ?3, brand_id = ?4, address = ?5, state = ?6, revision = revision + 1
           WHERE programme_id = ?1 AND store_id = ?2 AND revision = ?7`,
        )
          .bind(
            ...[programmeId, params.storeId, body.name, body.brandId],
            ...[body.address, body.state, body.version],
          )
          .run();
        if (updated.meta.changes === 0) {
          return problem("conflict", { reason: "changed_meanwhile", current: before });
        }
        call.audit({ before });
        return json(await readStore(env.DB, programmeId, params.storeId));
      }),
  );
}
