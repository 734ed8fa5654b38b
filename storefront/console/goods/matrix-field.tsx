import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { StaffGoodsView } from "../../../worker/catalog/wire.ts";
import {
  BASE,
  Button,
  fenOf,
  IconButton,
  useConsole,
  useWords,
  yuanOf,
  type Form,
} from "../kit/index.ts";
import { matrixOf, wordsOf, type GoodsValues, type Sku } from "./editor-model.ts";
import { EDITOR } from "./editor-words.ts";
import { MoveDialog, pathOf } from "./move-dialog.tsx";
import { useIds } from "./use-ids.ts";
import type { Shelves } from "./use-shelves.ts";

const AXES_MAX = 3;

/** Specs with their values; the table of variants follows them. */
export function AxesField({ form }: { form: Form<GoodsValues> }): JSX.Element {
  const words = useWords(EDITOR);
  const { axes, skus } = form.values;
  const { ids, add, remove } = useIds(axes.length);
  const put = (next: GoodsValues["axes"]): void =>
    form.set({ axes: next, skus: matrixOf(next, skus) });
  return (
    <div class="field">
      <span class="field-label">{words.axes}</span>
      <div class="field-in">
        {axes.map((axis, at) => (
          <AxisLine
            key={ids[at]}
            axis={axis}
            onChange={(next) => put(axes.map((one, index) => (index === at ? next : one)))}
            onRemove={() => {
              remove(at);
              put(axes.filter((_, index) => index !== at));
            }}
          />
        ))}
        {axes.length < AXES_MAX && (
          <div>
            <Button
              size="sm"
              icon="plus"
              onClick={() => {
                add();
                put([...axes, { name: "", values: [] }]);
              }}
            >
              {words.addAxis}
            </Button>
          </div>
        )}
        <p class={form.errorOf("axes") === null ? "help" : "help error"}>
          {form.errorOf("axes") ?? words.axesHelp}
        </p>
      </div>
    </div>
  );
}

type Axis = GoodsValues["axes"][number];

function AxisLine({
  axis,
  onChange,
  onRemove,
}: {
  axis: Axis;
  onChange: (axis: Axis) => void;
  onRemove: () => void;
}): JSX.Element {
  const words = useWords(EDITOR);
  // Commas are kept while somebody types; the values are what stands between them.
  const [text, setText] = useState(axis.values.join(", "));
  return (
    <div class="g-axis">
      <input
        class="in"
        aria-label={words.axisName}
        placeholder={words.axisName}
        maxLength={20}
        value={axis.name}
        onInput={(event) => onChange({ ...axis, name: event.currentTarget.value })}
      />
      <input
        class="in"
        aria-label={words.axisValues}
        placeholder={words.axisValues}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          onChange({ ...axis, values: wordsOf(event.currentTarget.value) });
        }}
      />
      <IconButton icon="trash" name={`${words.remove} ${axis.name}`} onClick={onRemove} />
    </div>
  );
}

interface MoveAsk {
  readonly skuId: string;
  readonly shelf: number;
}

/** A row a variant: its price, its code, its mark, its shelf. */
export function MatrixField({
  form,
  shelves,
}: {
  form: Form<GoodsValues>;
  shelves: Shelves;
}): JSX.Element {
  const words = useWords(EDITOR);
  const { skus } = form.values;
  const [ask, setAsk] = useState<MoveAsk | null>(null);
  const put = (at: number, edit: Partial<Sku>): void =>
    form.set({ skus: skus.map((sku, index) => (index === at ? { ...sku, ...edit } : sku)) });
  const fill = (): void => {
    const [first] = skus;
    if (!first) return;
    const { pricePoints, priceFen, lowStockUnits } = first;
    form.set({ skus: skus.map((sku) => ({ ...sku, pricePoints, priceFen, lowStockUnits })) });
  };
  return (
    <div class="stack">
      <div class="g-matrix" tabIndex={0} role="region" aria-label={words.matrix}>
        <table class="stacks">
          <MatrixHead />
          <tbody>
            {skus.map((sku, at) => (
              <tr key={sku.skuId ?? sku.values.join("\n")}>
                <td>{sku.values.join(" · ") || words.one}</td>
                <SkuCells
                  sku={sku}
                  error={form.errorOf(`skus.${at}`)}
                  onChange={(edit) => put(at, edit)}
                />
                <ShelfCell shelf={shelves.of(sku.skuId)} onAsk={setAsk} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {form.errorOf("skus") !== null && <p class="help error">{form.errorOf("skus")}</p>}
      {skus.length > 1 && (
        <div>
          <Button size="sm" icon="copy" onClick={fill}>
            {words.fillAll}
          </Button>
        </div>
      )}
      {ask && (
        <MoveDialog
          path={pathOf(ask.skuId)}
          shelf={ask.shelf}
          onClose={() => setAsk(null)}
          onDone={(shelf) => shelves.follow(ask.skuId, shelf)}
        />
      )}
    </div>
  );
}

function MatrixHead(): JSX.Element {
  const words = useWords(EDITOR);
  return (
    <thead>
      <tr>
        {[words.sku, words.points, words.cash, words.code, words.low, words.stock].map((name) => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function ShelfCell({
  shelf,
  onAsk,
}: {
  shelf: StaffGoodsView["skus"][number] | null;
  onAsk: (ask: MoveAsk) => void;
}): JSX.Element {
  const words = useWords(EDITOR);
  const { may } = useConsole();
  if (shelf === null)
    return (
      <td class="beside">
        <span class="note mute">{words.stockLater}</span>
      </td>
    );
  const { skuId, remaining } = shelf;
  return (
    <td class="row beside">
      <a class="text-link num" href={`${BASE}/goods/stock/${skuId}`}>
        {remaining}
      </a>
      {may("stock.write") && (
        <Button size="sm" onClick={() => onAsk({ skuId, shelf: remaining })}>
          {words.inOut}
        </Button>
      )}
    </td>
  );
}

const whole = (text: string): number | null => (/^\d{1,9}$/.test(text) ? Number(text) : null);

function SkuCells({
  sku,
  error,
  onChange,
}: {
  sku: Sku;
  error: string | null;
  onChange: (edit: Partial<Sku>) => void;
}): JSX.Element {
  const words = useWords(EDITOR);
  const [cash, setCash] = useState(sku.priceFen === 0 ? "" : yuanOf(sku.priceFen));
  const [meant, setMeant] = useState(sku.priceFen);
  if (meant !== sku.priceFen) {
    setMeant(sku.priceFen);
    setCash(sku.priceFen === 0 ? "" : yuanOf(sku.priceFen));
  }
  const name = sku.values.join(" ");
  return (
    <>
      <td data-title={words.points}>
        <input
          class="in num"
          inputMode="numeric"
          aria-label={`${words.points} ${name}`}
          aria-invalid={error !== null}
          title={error ?? ""}
          value={String(sku.pricePoints)}
          onInput={(event) => onChange({ pricePoints: whole(event.currentTarget.value) ?? 0 })}
        />
      </td>
      <td data-title={words.cash}>
        <input
          class="in num"
          inputMode="decimal"
          aria-label={`${words.cash} ${name}`}
          value={cash}
          onInput={(event) => {
            const text = event.currentTarget.value.trim();
            const fen = text === "" ? 0 : (fenOf(text) ?? sku.priceFen);
            setCash(text);
            setMeant(fen);
            onChange({ priceFen: fen });
          }}
        />
      </td>
      <td data-title={words.code}>
        <input
          class="in"
          aria-label={`${words.code} ${name}`}
          maxLength={64}
          value={sku.code}
          onInput={(event) => onChange({ code: event.currentTarget.value.trim() })}
        />
      </td>
      <td data-title={words.low}>
        <input
          class="in num"
          inputMode="numeric"
          aria-label={`${words.low} ${name}`}
          value={sku.lowStockUnits === null ? "" : String(sku.lowStockUnits)}
          onInput={(event) => onChange({ lowStockUnits: whole(event.currentTarget.value) })}
        />
      </td>
    </>
  );
}
