import type { JSX } from "preact";
import type { StoreGoodsView } from "../../../worker/catalog/store-wire.ts";
import {
  FormDialog,
  MoneyField,
  NumberField,
  SwitchField,
  useConsole,
  useForm,
  useToast,
  useWords,
  yuanOf,
} from "../kit/index.ts";
import { STORE_GOODS } from "./words.ts";

/** Prices by variant, as flat fields: `points:<skuId>` and `fen:<skuId>`; null: as headquarters. */
interface Values {
  isHidden: boolean;
  sellsOwn: boolean;
  [points: `points:${string}`]: number | null;
  [fen: `fen:${string}`]: number | null;
}

function valuesOf({ isHidden, sellsOwn, skus }: StoreGoodsView): Values {
  const values: Values = { isHidden, sellsOwn };
  for (const { skuId, own, pricePoints, priceFen } of skus) {
    values[`points:${skuId}`] =
      own === null || own.pricePoints === pricePoints ? null : own.pricePoints;
    values[`fen:${skuId}`] = own === null || own.priceFen === priceFen ? null : own.priceFen;
  }
  return values;
}

function bodyOf(values: Values, { skus }: StoreGoodsView, version: number) {
  const { isHidden, sellsOwn } = values;
  const prices = skus.flatMap(({ skuId, pricePoints, priceFen }) => {
    const points = values[`points:${skuId}`] ?? null;
    const fen = values[`fen:${skuId}`] ?? null;
    if (points === null && fen === null) return [];
    return [{ skuId, pricePoints: points ?? pricePoints, priceFen: fen ?? priceFen }];
  });
  return { version, isHidden, sellsOwn, prices };
}

export function ChangeDialog({
  storeId,
  goods,
  maySet,
  onClose,
  onDone,
}: {
  storeId: string;
  goods: StoreGoodsView;
  maySet: readonly string[];
  onClose: () => void;
  onDone: (goods: StoreGoodsView) => void;
}): JSX.Element {
  const words = useWords(STORE_GOODS);
  const { call } = useConsole();
  const toast = useToast();
  const form = useForm<Values, StoreGoodsView, StoreGoodsView>({
    initial: valuesOf(goods),
    save: (values, over) =>
      call<StoreGoodsView>(
        "PUT",
        `/api/v1/staff/store-goods/${storeId}/${goods.goodsId}`,
        bodyOf(values, goods, (over ?? goods).version),
      ),
    fromStored: valuesOf,
    onSaved: (saved) => {
      toast.show({ text: words.saved });
      onDone(saved);
    },
  });
  const may = (field: string): boolean => maySet.includes(field);
  return (
    <FormDialog title={goods.title} onClose={onClose} form={form} act={words.save}>
      {may("visibility") && (
        <SwitchField
          {...{ form, name: "isHidden", label: words.isHiddenField, help: words.isHiddenHelp }}
        />
      )}
      {!goods.maySellOwn && <p class="note">{words.notOwn}</p>}
      {goods.maySellOwn && may("stock") && (
        <SwitchField
          {...{ form, name: "sellsOwn", label: words.sellsOwn, help: words.sellsOwnHelp }}
        />
      )}
      {goods.maySellOwn && may("price") && <Prices form={form} goods={goods} />}
    </FormDialog>
  );
}

function Prices({
  form,
  goods,
}: {
  form: ReturnType<typeof useForm<Values, StoreGoodsView, StoreGoodsView>>;
  goods: StoreGoodsView;
}): JSX.Element {
  const words = useWords(STORE_GOODS);
  if (!form.values.sellsOwn) return <p class="note">{words.priceNeedsOwn}</p>;
  return (
    <>
      {goods.skus.map(({ skuId, values, pricePoints, priceFen }) => {
        const cash = priceFen > 0 ? words.plus(yuanOf(priceFen)) : "";
        const variant = values.join(" · ");
        return (
          <div key={skuId} class="grid cols-2">
            <NumberField
              form={form}
              name={`points:${skuId}` as const}
              label={words.priceOf(variant)}
              help={words.priceHelp(pricePoints, cash)}
              unit={words.points}
              min={0}
            />
            <MoneyField
              form={form}
              name={`fen:${skuId}` as const}
              label={variant === "" ? words.cash : `${words.cash} · ${variant}`}
            />
          </div>
        );
      })}
    </>
  );
}
