import type { JSX } from "preact";
import type { Brand, Store, StoreField } from "../../../worker/staff/wire.ts";
import {
  ChoicesField,
  FormDialog,
  SelectField,
  SwitchField,
  TextField,
  useConsole,
  useForm,
  useToast,
  useWords,
  type Answer,
} from "../kit/index.ts";
import { STORES } from "./words.ts";

const FIELDS: readonly StoreField[] = ["price", "stock", "visibility", "till_codes"];

interface Shared {
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** A taken id is said at its field. */
function useExists(name: string): <T>(answer: Answer<T>) => Answer<T> {
  const words = useWords(STORES);
  return (answer) => {
    if (answer.ok || answer.problem.figures["reason"] !== "exists") return answer;
    const errors = [{ path: name, message: words.exists }];
    return { ...answer, problem: { ...answer.problem, errors, detail: words.exists } };
  };
}

export function BrandDialog({
  brand,
  onClose,
  onDone,
}: Shared & { brand: Brand | null }): JSX.Element {
  const words = useWords(STORES);
  const { call } = useConsole();
  const toast = useToast();
  const spoken = useExists("brandId");
  const form = useForm<
    { brandId: string; name: string; storeMaySet: readonly string[]; isArchived: boolean },
    Brand,
    Brand
  >({
    initial: {
      ...{ brandId: brand?.brandId ?? "", name: brand?.name ?? "" },
      ...{ storeMaySet: brand?.storeMaySet ?? [], isArchived: brand?.state === "archived" },
    },
    save: async ({ brandId, name, storeMaySet, isArchived }, over) => {
      if (!brand)
        return spoken(
          await call<Brand>("POST", "/api/v1/staff/brands", { brandId, name, storeMaySet }),
        );
      const state = isArchived ? "archived" : "active";
      const body = { name, storeMaySet, state, version: (over ?? brand).version };
      return call<Brand>("PUT", `/api/v1/staff/brands/${brand.brandId}`, body);
    },
    fromStored: ({ brandId, name, storeMaySet, state }) => {
      return { brandId, name, storeMaySet, isArchived: state === "archived" };
    },
    onSaved: () => {
      toast.show({ text: words.saved });
      onDone();
      onClose();
    },
  });
  return (
    <FormDialog
      title={brand?.name ?? words.addBrand}
      onClose={onClose}
      form={form}
      act={brand ? words.save : words.create}
    >
      <TextField {...{ form, name: "name", label: words.name }} maxLength={40} required />
      <TextField
        {...{ form, name: "brandId", label: words.id, help: words.idHelp }}
        disabled={brand !== null}
        maxLength={32}
        required
      />
      <ChoicesField
        {...{ form, name: "storeMaySet", label: words.mayTitle, help: words.mayHelp }}
        options={FIELDS.map((field) => ({ value: field, title: words.fields[field] }))}
      />
      {brand && <SwitchField {...{ form, name: "isArchived", label: words.archivedBrand }} />}
    </FormDialog>
  );
}

export function StoreDialog({
  store,
  brandId: ofBrand,
  brands,
  onClose,
  onDone,
}: Shared & { store: Store | null; brandId: string; brands: readonly Brand[] }): JSX.Element {
  const words = useWords(STORES);
  const { call } = useConsole();
  const toast = useToast();
  const spoken = useExists("storeId");
  const form = useForm<
    { storeId: string; name: string; brandId: string; address: string; isArchived: boolean },
    Store,
    Store
  >({
    initial: {
      ...{ storeId: store?.storeId ?? "", name: store?.name ?? "", address: store?.address ?? "" },
      ...{ brandId: store?.brandId ?? ofBrand, isArchived: store?.state === "archived" },
    },
    save: async ({ storeId, name, brandId, address, isArchived }, over) => {
      const shared = { name, brandId, address };
      if (!store)
        return spoken(await call<Store>("POST", "/api/v1/staff/stores", { storeId, ...shared }));
      const state = isArchived ? "archived" : "active";
      const body = { ...shared, state, version: (over ?? store).version };
      return call<Store>("PUT", `/api/v1/staff/stores/${store.storeId}`, body);
    },
    fromStored: ({ storeId, name, brandId, address, state }) => {
      return { storeId, name, brandId, address, isArchived: state === "archived" };
    },
    onSaved: () => {
      toast.show({ text: words.saved });
      onDone();
      onClose();
    },
  });
  return (
    <FormDialog
      title={store?.name ?? words.addStore}
      onClose={onClose}
      form={form}
      act={store ? words.save : words.create}
    >
      <TextField {...{ form, name: "name", label: words.name }} maxLength={40} required />
      <TextField
        {...{ form, name: "storeId", label: words.id, help: words.idHelp }}
        disabled={store !== null}
        maxLength={32}
        required
      />
      <SelectField
        {...{ form, name: "brandId", label: words.brand }}
        options={brands.map(({ brandId, name }) => ({ value: brandId, title: name }))}
      />
      <TextField {...{ form, name: "address", label: words.address }} maxLength={120} />
      {store && (
        <SwitchField {...{ form, name: "isArchived", label: words.state, help: words.stateHelp }} />
      )}
    </FormDialog>
  );
}
