import type { JSX } from "preact";
import type { StaffCategoriesView, StaffGoodsView } from "../../../worker/catalog/wire.ts";
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
} from "../kit/index.ts";
import { DescriptionField } from "./description-field.tsx";
import type { GoodsValues } from "./editor-model.ts";
import { EDITOR } from "./editor-words.ts";
import { AxesField, MatrixField } from "./matrix-field.tsx";
import { PictureField } from "./picture-field.tsx";
import { GOODS } from "./words.ts";

interface TabProps {
  form: Form<GoodsValues>;
}

const optionsOf = (names: Readonly<Record<string, string>>) =>
  Object.entries(names).map(([value, title]) => ({ value, title }));

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

export function SkusTab({
  form,
  stored,
  onMoved,
}: TabProps & { stored: StaffGoodsView | null; onMoved: () => void }): JSX.Element {
  const words = useWords(EDITOR);
  return (
    <FormSection title={words.tabs.skus}>
      <AxesField form={form} />
      <MatrixField form={form} stored={stored} onMoved={onMoved} />
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

interface TierTerms {
  readonly tiers?: readonly { readonly tierId: string; readonly title: string }[];
}

export function WhoTab({ form }: TabProps): JSX.Element {
  const words = useWords(EDITOR);
  const read = useRead<{ terms: TierTerms | null }>("/api/v1/staff/earning/terms/tiers");
  const terms = read.value?.terms;
  const tiers = (terms?.tiers ?? []).map(({ tierId, title }) => ({ value: tierId, title }));
  const none = tiers.length === 0 ? words.noTiers : undefined;
  return (
    <>
      <FormSection title={words.seen} why={words.seenHelp}>
        <ChoicesField
          form={form}
          name="seenTiers"
          label={words.tiers}
          options={tiers}
          help={none}
        />
        <TextField
          form={form}
          name="seenSegments"
          label={words.segments}
          help={words.segmentsHelp}
        />
        <TextField form={form} name="seenStores" label={words.storeIds} help={words.storeIdsHelp} />
      </FormSection>
      <FormSection title={words.redeemed} why={words.redeemedHelp}>
        <ChoicesField
          form={form}
          name="redeemTiers"
          label={words.tiers}
          options={tiers}
          help={none}
        />
        <TextField
          form={form}
          name="redeemSegments"
          label={words.segments}
          help={words.segmentsHelp}
        />
        <TextField
          form={form}
          name="redeemStores"
          label={words.storeIds}
          help={words.storeIdsHelp}
        />
      </FormSection>
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
