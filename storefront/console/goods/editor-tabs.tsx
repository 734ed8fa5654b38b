import type { JSX } from "preact";
import type { StaffCategoriesView } from "../../../worker/catalog/wire.ts";
import {
  ChoicesField,
  Field,
  FormSection,
  MoneyField,
  NumberField,
  SelectField,
  SwitchField,
  TextField,
  TimeField,
  useRead,
  useWords,
  type Form,
  useConsole,
  useNames,
  withChosen,
} from "../kit/index.ts";
import type { SegmentView } from "../../../worker/segments/wire.ts";
import { DescriptionField } from "./description-field.tsx";
import type { GoodsValues } from "./editor-model.ts";
import { EDITOR } from "./editor-words.ts";
import { AxesField, MatrixField } from "./matrix-field.tsx";
import { useBrands } from "./use-brands.ts";
import { PictureField } from "./picture-field.tsx";
import type { Shelves } from "./use-shelves.ts";
import { GOODS } from "./words.ts";

interface TabProps {
  form: Form<GoodsValues>;
}

const optionsOf = (names: Readonly<Record<string, string>>) =>
  Object.entries(names).map(([value, title]) => ({ value, title }));

/** Nothing to choose where there are no brands. */
function BrandField({ form }: { form: Form<GoodsValues> }): JSX.Element | null {
  const words = useWords(EDITOR);
  const brands = useBrands();
  if (brands.length === 0) return null;
  return (
    <SelectField
      form={form}
      name="brandId"
      label={words.brand}
      help={words.brandHelp}
      none={words.noBrand}
      options={brands}
    />
  );
}

export function BasicsTab({
  form,
  tree,
  newId,
}: TabProps & {
  tree: StaffCategoriesView | null;
  newId?: { value: string; put: (value: string) => void };
}): JSX.Element {
  const words = useWords(EDITOR);
  const goods = useWords(GOODS);
  const categories = (tree?.categories ?? []).map(({ categoryId, name, parentId }) => ({
    value: categoryId,
    title: parentId === null ? name : `— ${name}`,
  }));
  return (
    <>
      <FormSection title={words.tabs.basics}>
        <TextField form={form} name="title" label={words.name} required maxLength={120} />
        <TextField
          form={form}
          name="subtitle"
          label={words.subtitle}
          help={words.subtitleHelp}
          maxLength={120}
        />
        {newId && (
          <Field id="goods-id" label={words.goodsId} help={words.goodsIdHelp}>
            <input
              id="goods-id"
              class="in"
              maxLength={40}
              value={newId.value}
              onInput={(event) => newId.put(event.currentTarget.value.trim())}
            />
          </Field>
        )}
        <SelectField
          form={form}
          name="kind"
          label={words.kind}
          help={words.kindHelp}
          options={optionsOf(goods.kinds)}
        />
        <SelectField
          form={form}
          name="role"
          label={words.role}
          help={words.roleHelp}
          options={optionsOf(goods.roles)}
        />
        <SelectField
          form={form}
          name="categoryId"
          label={words.category}
          none={words.noCategory}
          options={categories}
        />
        <BrandField form={form} />
        <TextField form={form} name="tags" label={words.tags} help={words.tagsHelp} />
        <PictureField form={form} />
      </FormSection>
      {!newId && <SupplySection form={form} />}
    </>
  );
}

function SupplySection({ form }: TabProps): JSX.Element {
  const words = useWords(EDITOR);
  return (
    <FormSection title={words.supplier}>
      <NumberField
        form={form}
        name="position"
        label={words.position}
        help={words.positionHelp}
        min={0}
      />
      <TextField
        form={form}
        name="groundColor"
        label={words.groundColor}
        help={words.groundColorHelp}
        type="color"
      />
      <TextField form={form} name="supplierName" label={words.supplierName} maxLength={120} />
      <TextField form={form} name="supplierCode" label={words.supplierCode} maxLength={64} />
      <SwitchField
        form={form}
        name="isDropShipped"
        label={words.isDropShipped}
        help={words.isDropShippedHelp}
      />
    </FormSection>
  );
}

export function SkusTab({ form, shelves }: TabProps & { shelves: Shelves }): JSX.Element {
  const words = useWords(EDITOR);
  return (
    <FormSection title={words.tabs.skus}>
      <AxesField form={form} />
      <MatrixField form={form} shelves={shelves} />
    </FormSection>
  );
}

export function PriceTab({ form }: TabProps): JSX.Element {
  const words = useWords(EDITOR);
  return (
    <>
      <FormSection title={words.tabs.price} why={words.worth}>
        <MoneyField form={form} name="marketPriceFen" label={words.market} />
        <MoneyField form={form} name="costFen" label={words.cost} help={words.costHelp} />
        <MoneyField form={form} name="freightFen" label={words.freight} help={words.freightHelp} />
      </FormSection>
      <FormSection title={words.limits} why={words.limitsHelp}>
        <NumberField
          form={form}
          name="perOrder"
          label={words.perOrder}
          unit={words.units}
          min={1}
          max={1_000}
        />
        <NumberField
          form={form}
          name="perDay"
          label={words.perDay}
          unit={words.units}
          help={words.unlimited}
          min={1}
        />
        <NumberField
          form={form}
          name="windowDays"
          label={words.windowDays}
          unit={words.days}
          help={words.windowHelp}
          min={2}
          max={366}
        />
        <NumberField
          form={form}
          name="windowUnits"
          label={words.windowUnits}
          unit={words.units}
          min={1}
        />
        <NumberField
          form={form}
          name="lifetime"
          label={words.lifetime}
          unit={words.units}
          help={words.unlimited}
          min={1}
        />
      </FormSection>
    </>
  );
}

export function WhoTab({ form }: TabProps): JSX.Element {
  const words = useWords(EDITOR);
  return (
    <>
      <FormSection title={words.seen} why={words.seenHelp}>
        <AudienceFields form={form} names={["seenTiers", "seenSegments", "seenStores"]} />
      </FormSection>
      <FormSection title={words.redeemed} why={words.redeemedHelp}>
        <AudienceFields form={form} names={["redeemTiers", "redeemSegments", "redeemStores"]} />
      </FormSection>
    </>
  );
}

/** Everybody whose tier has exclusive goods; the server puts them into this segment. */
const EXCLUSIVE_POOL = "exclusive-pool";

function AudienceFields({
  form,
  names: [tierField, segmentField, storeField],
}: TabProps & {
  names: readonly [
    `${"seen" | "redeem"}Tiers`,
    `${"seen" | "redeem"}Segments`,
    `${"seen" | "redeem"}Stores`,
  ];
}): JSX.Element {
  const words = useWords(EDITOR);
  const names = useNames();
  const { may } = useConsole();
  const read = useRead<{ items: readonly SegmentView[] }>(
    may("members.read") ? "/api/v1/staff/segments" : null,
  );
  const { values } = form;
  const tiers = names.choices("tiers", values[tierField]);
  const stores = names.choices("stores", values[storeField]);
  const own = (read.value?.items ?? []).map(({ segmentId, name }) => ({
    ...{ value: segmentId, title: name },
  }));
  const pool = { value: EXCLUSIVE_POOL, title: words.exclusivePool };
  const segments = withChosen([pool, ...own], values[segmentField]);
  const help = (options: readonly unknown[], none: string, some?: string): string | undefined =>
    options.length === 0 ? none : some;
  return (
    <>
      <ChoicesField
        {...{ form, name: tierField, label: words.tiers, options: tiers }}
        help={help(tiers, words.noTiers)}
      />
      <ChoicesField
        {...{ form, name: segmentField, label: words.segments, options: segments }}
        help={help(own, words.noSegments, words.segmentsHelp)}
      />
      <ChoicesField
        {...{ form, name: storeField, label: words.storeIds, options: stores }}
        help={help(stores, words.noStores, words.storeIdsHelp)}
      />
    </>
  );
}

export function AboutTab({ form }: TabProps): JSX.Element {
  const words = useWords(EDITOR);
  return (
    <FormSection title={words.tabs.about}>
      <DescriptionField form={form} />
    </FormSection>
  );
}

export function PublishTab({ form }: TabProps): JSX.Element {
  const words = useWords(EDITOR);
  return (
    <FormSection title={words.tabs.publish}>
      <TimeField
        form={form}
        name="publishAtMs"
        label={words.publishAtMs}
        help={words.publishAtHelp}
      />
      <TimeField
        form={form}
        name="withdrawAtMs"
        label={words.withdrawAtMs}
        help={words.withdrawAtHelp}
      />
    </FormSection>
  );
}
