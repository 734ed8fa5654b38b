/** Headquarters' rules, asked where a store's people act. */
import type { Env } from "../platform/env.ts";
import type { ProblemMaker, Session } from "../platform/http/api.ts";
import { readBrandOf, readStore } from "./tenant-store.ts";
import { mayOverride, STORE_FIELDS } from "./tenants.ts";
import type { StoreField } from "./wire.ts";

/**
 * Null: go ahead. Otherwise the refusal: another's store, no store where one must be named, or headquarters keep this to themselves.
 * Who is bound to no store is not asked.
 */
export async function refusedInStore(
  call: { readonly env: Env; readonly session: Session; readonly problem: ProblemMaker },
  storeId: string | null,
  field: StoreField,
): Promise<Response | null> {
  const { env, session, problem } = call;
  const bound = session.staff?.storeIds ?? null;
  if (bound === null) return null;
  const { programmeId } = session;
  const store = storeId === null ? null : await readStore(env.DB, programmeId, storeId);
  const brand = store && (await readBrandOf(env.DB, programmeId, store.brandId));
  const storeMaySet = brand?.state === "active" ? brand.storeMaySet : [];
  const reason = mayOverride(
    { storeIds: bound },
    { storeId: store?.storeId ?? "", storeMaySet },
    field,
  );
  return reason === null ? null : problem("forbidden", { reason, field });
}

/** What these people may set for this store: everything from headquarters, in a store what its brand lists. */
export async function fieldsInStore(
  { env, session }: { readonly env: Env; readonly session: Session },
  storeId: string,
): Promise<readonly StoreField[]> {
  const bound = session.staff?.storeIds ?? null;
  if (bound === null) return STORE_FIELDS;
  const store = await readStore(env.DB, session.programmeId, storeId);
  const brand = store && (await readBrandOf(env.DB, session.programmeId, store.brandId));
  if (!store || brand?.state !== "active") return [];
  const { storeMaySet } = brand;
  const at = { storeId, storeMaySet };
  return STORE_FIELDS.filter((field) => mayOverride({ storeIds: bound }, at, field) === null);
}
