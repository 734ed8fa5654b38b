import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { StaffGoodsView } from "../../../worker/catalog/wire.ts";
import type { DeliveryTermsView } from "../../../worker/fulfilment/wire.ts";
import type { PageProps } from "../section.ts";
import {
  BASE,
  Button,
  Card,
  ChoicesField,
  Failed,
  FailedPage,
  FormView,
  Loading,
  NumberField,
  PageHead,
  SelectField,
  TextField,
  useConsole,
  useForm,
  useNames,
  useRead,
  useToast,
  useWords,
  withChosen,
  type Form,
} from "../kit/index.ts";
import { GOODS } from "./words.ts";
import { DELIVERY } from "./delivery-words.ts";

interface Values extends Omit<
  DeliveryTermsView,
  "storeIds" | "usesPerUnit" | "validDays" | "lowStockAt" | "savedAtMs"
> {
  /** None: every store. */
  readonly storeIds: readonly string[];
  readonly usesPerUnit: number | null;
  readonly validDays: number | null;
  readonly lowStockAt: number | null;
}

const pathOf = (skuId: string): string =>
  `/api/v1/staff/delivery-terms/${encodeURIComponent(skuId)}`;

/** What the kind of the goods has a use for. */
function Fields({ form, kind }: { form: Form<Values>; kind: string }): JSX.Element {
  const words = useWords(DELIVERY);
  const { may } = useConsole();
  const names = useNames();
  const freight = useRead<{ templates: { templateId: string; title: string }[] }>(
    kind === "physical" && may("settings.read") ? "/api/v1/staff/freight-templates" : null,
  );
  if (kind === "physical") {
    return (
      <SelectField
        {...{ form, name: "freightTemplateId", label: words.freight, none: words.freightNone }}
        options={withChosen(
          (freight.value?.templates ?? []).map(({ templateId, title }) => ({
            ...{ value: templateId, title },
          })),
          [form.values.freightTemplateId ?? []].flat(),
        )}
      />
    );
  }
  if (kind === "virtual") {
    return (
      <TextField
        {...{ form, name: "product", label: words.product, help: words.productHelp }}
        maxLength={64}
      />
    );
  }
  if (kind === "card_code") {
    return (
      <NumberField
        {...{ form, name: "lowStockAt", label: words.lowStockAt, unit: words.codes }}
        {...{ help: words.lowStockHelp, min: 0, required: true }}
      />
    );
  }
  return (
    <>
      <NumberField
        {...{ form, name: "usesPerUnit", label: words.usesPerUnit, unit: words.times }}
        {...{ help: words.usesHelp, min: 1, required: true }}
      />
      <NumberField
        {...{ form, name: "validDays", label: words.validDays, unit: words.days }}
        {...{ help: words.validHelp, min: 1, required: true }}
      />
      <ChoicesField
        {...{ form, name: "storeIds", label: words.stores, help: words.storesHelp }}
        options={names.choices("stores", form.values.storeIds)}
      />
    </>
  );
}

function valuesOf(stored: DeliveryTermsView): Values {
  const { savedAtMs: _, ...terms } = stored;
  return { ...terms, storeIds: terms.storeIds ?? [] };
}

function TermsForm(props: { skuId: string; kind: string; terms: DeliveryTermsView }): JSX.Element {
  const { skuId, kind, terms } = props;
  const words = useWords(DELIVERY);
  const { call, may } = useConsole();
  const toast = useToast();
  const [stored, setStored] = useState(terms);
  const form = useForm<Values, DeliveryTermsView, DeliveryTermsView>({
    initial: valuesOf(stored),
    stored,
    fromStored: valuesOf,
    save: ({ storeIds, ...values }, over) =>
      call("PUT", `${pathOf(skuId)}?basedOn=${(over ?? stored).savedAtMs}`, {
        ...{ ...values, storeIds: storeIds.length === 0 ? null : storeIds },
      }),
    onSaved: (saved) => {
      setStored(saved);
      toast.show({ text: words.saved, tone: "ok" });
    },
  });
  return (
    <FormView form={form} act={words.save} readOnly={!may("goods.write")}>
      <Fields {...{ form, kind }} />
    </FormView>
  );
}

function SkuTerms(props: { skuId: string; title: string; kind: string }): JSX.Element {
  const { skuId, title, kind } = props;
  const read = useRead<DeliveryTermsView>(pathOf(skuId));
  return (
    <Card title={title} note={skuId}>
      {read.problem && <Failed problem={read.problem} onRetry={read.again} />}
      {!read.value && !read.problem && <Loading rows={3} />}
      {read.value && <TermsForm {...{ skuId, kind, terms: read.value }} />}
    </Card>
  );
}

/** How the goods reach their members: uses, validity, stores, codes, supplier, freight. */
export function DeliveryPage({ params }: PageProps): JSX.Element {
  const { goodsId = "" } = params;
  const words = useWords(DELIVERY);
  const all = useWords(GOODS);
  const { opens } = useConsole();
  const read = useRead<StaffGoodsView>(`/api/v1/staff/goods/${encodeURIComponent(goodsId)}`);
  if (read.problem) {
    const back = { href: `${BASE}/goods`, title: all.title };
    return <FailedPage problem={read.problem} back={back} onRetry={read.again} />;
  }
  if (!read.value) return <Loading rows={6} />;
  const { goods, skus } = read.value;
  return (
    <>
      <PageHead
        title={words.title(goods.title)}
        note={words.help}
        back={{ href: `${BASE}/goods/${goodsId}`, title: goods.title }}
      />
      <div class="stack">
        {skus.map(({ skuId, values }) => (
          <SkuTerms
            key={skuId}
            title={values.join(" ") || goods.title}
            {...{ skuId, kind: goods.kind }}
          />
        ))}
        {(goods.kind === "coupon" || goods.kind === "local_service") && opens(`${BASE}/stores`) && (
          <p class="row">
            <span class="mute">{words.booking}</span>
            <Button kind="link" href={`${BASE}/stores`}>
              {words.bookingLink}
            </Button>
          </p>
        )}
      </div>
    </>
  );
}
