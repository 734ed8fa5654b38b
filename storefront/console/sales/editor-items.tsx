import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { SaleView } from "../../../worker/redemption/wire.ts";
import {
  Button,
  Dialog,
  Empty,
  fenOf,
  IconButton,
  useRead,
  useWords,
  yuanOf,
  type Form,
} from "../kit/index.ts";
import { newItem, type ItemValues, type SessionValues } from "./session-values.ts";
import { SALES } from "./words.ts";

type Goods = ReadonlyMap<string, SaleView>;

/** The fields of what was added stand before the button that added it: whoever goes by keys reads on at the first of them. */
function useFocusLast() {
  const listRef = useRef<HTMLDivElement>(null);
  const [added, setAdded] = useState(0);
  useEffect(() => {
    const last = listRef.current?.querySelector<HTMLElement>("article:last-of-type input");
    if (added > 0) last?.focus();
  }, [added]);
  return { listRef, focusLast: () => setAdded(added + 1) };
}

/** The goods of a session, each with its price, units and limits. */
export function Items({
  form,
  goods,
  at,
  onChoose,
  onPick,
  isReadOnly,
}: {
  form: Form<SessionValues>;
  goods: Goods;
  /** Which one the phone shows. */
  at: number;
  onChoose: (at: number) => void;
  /** Goods that were found by their words are known to nobody else yet. */
  onPick: (sale: SaleView) => void;
  isReadOnly: boolean;
}): JSX.Element {
  const words = useWords(SALES);
  const [isPicking, setPicking] = useState(false);
  const { listRef, focusLast } = useFocusLast();
  const { items } = form.values;
  const put = (next: readonly ItemValues[]): void => form.set({ items: next });
  return (
    <div class="stack" ref={listRef}>
      {items.map((item, place) => (
        <ItemCard
          key={item.skuId}
          item={item}
          goods={goods.get(item.skuId) ?? null}
          isShown={place === at}
          isReadOnly={isReadOnly}
          errorOf={(name) => form.errorOf(`items.${place}.${name}`)}
          onShow={() => onChoose(place)}
          onChange={(changes) => put(items.with(place, { ...item, ...changes }))}
          onDrop={() => put(items.toSpliced(place, 1))}
          onMove={(by) => {
            const to = place + by;
            if (to >= 0 && to < items.length) put(items.toSpliced(place, 1).toSpliced(to, 0, item));
          }}
        />
      ))}
      {!isReadOnly && (
        <div>
          <Button icon="plus" onClick={() => setPicking(true)}>
            {words.addGoods}
          </Button>
        </div>
      )}
      {isPicking && (
        <Picker
          chosen={items.map(({ skuId }) => skuId)}
          onClose={() => setPicking(false)}
          onPick={(sale) => {
            setPicking(false);
            onPick(sale);
            focusLast();
            put([...items, newItem(sale.skuId, sale.pricePoints, sale.remaining)]);
            onChoose(items.length);
          }}
        />
      )}
    </div>
  );
}

function ItemCard({
  item,
  goods,
  isShown,
  isReadOnly,
  errorOf,
  onShow,
  onChange,
  onDrop,
  onMove,
}: {
  item: ItemValues;
  goods: SaleView | null;
  isShown: boolean;
  isReadOnly: boolean;
  errorOf: (name: string) => string | null;
  onShow: () => void;
  onChange: (changes: Partial<ItemValues>) => void;
  onDrop: () => void;
  onMove: (by: 1 | -1) => void;
}): JSX.Element {
  const words = useWords(SALES);
  return (
    <article class={isShown ? "sale-item shown" : "sale-item"} onFocusCapture={onShow}>
      <header>
        {goods && (
          <img class="thumb" src={goods.picture} alt="" style={{ background: goods.groundColor }} />
        )}
        <div>
          <b>{goods?.title ?? item.skuId}</b>
          {goods && <p class="note mute">{words.usual(goods.pricePoints, goods.remaining)}</p>}
        </div>
        {!isReadOnly && (
          <div class="acts">
            <IconButton icon="up" name={words.moveUp} onClick={() => onMove(-1)} />
            <IconButton icon="down" name={words.moveDown} onClick={() => onMove(1)} />
            <IconButton icon="trash" name={words.drop} onClick={onDrop} />
          </div>
        )}
      </header>
      <ItemFields item={item} errorOf={errorOf} onChange={onChange} isReadOnly={isReadOnly} />
    </article>
  );
}

interface NumProps {
  readonly item: ItemValues;
  readonly errorOf: (name: string) => string | null;
  readonly onChange: (changes: Partial<ItemValues>) => void;
  readonly isReadOnly: boolean;
}

function ItemFields(common: NumProps): JSX.Element {
  const words = useWords(SALES);
  return (
    <div class="item-fields">
      <Num {...common} name="pricePoints" label={words.price} unit={words.points} />
      <Cash {...common} />
      <Num {...common} name="units" label={words.units} unit={words.piece} help={words.unitsHelp} />
      <Num {...common} name="limitPerMember" label={words.limit} unit={words.piece} />
      <Num {...common} name="quantityMax" label={words.perOrder} unit={words.piece} />
      <Num
        {...common}
        name="dailyLimitPerMember"
        label={words.daily}
        unit={words.piece}
        help={words.dailyHelp}
      />
      <Num
        {...common}
        name="dailyUnits"
        label={words.quota}
        unit={words.piece}
        help={words.quotaHelp}
      />
      <Num
        {...common}
        name="waveIntervalMs"
        label={words.wave}
        unit={words.seconds}
        help={words.waveHelp}
        scale={1_000}
      />
      <Num {...common} name="doors" label={words.doors} unit="" help={words.doorsHelp} />
    </div>
  );
}

function Labelled({
  id,
  label,
  help,
  error,
  children,
}: {
  id: string;
  label: string;
  help: string | undefined;
  error: string | null;
  children: JSX.Element;
}): JSX.Element {
  return (
    <div class="item-field">
      <label for={id}>{label}</label>
      {children}
      <p id={`${id}-help`} class={error === null ? "help" : "help error"}>
        {error ?? help}
      </p>
    </div>
  );
}

/** A whole number or nothing. */
function Num({
  item,
  name,
  label,
  unit,
  help,
  scale = 1,
  errorOf,
  onChange,
  isReadOnly,
}: NumProps & {
  name: Exclude<keyof ItemValues, "skuId" | "title">;
  label: string;
  unit: string;
  help?: string;
  scale?: number;
}): JSX.Element {
  const id = useId();
  const value = item[name];
  const error = errorOf(name);
  return (
    <Labelled id={id} label={label} help={help} error={error}>
      <span class="in-unit">
        <input
          id={id}
          class="in num"
          inputMode="numeric"
          disabled={isReadOnly}
          aria-invalid={error !== null}
          aria-describedby={`${id}-help`}
          value={value === null ? "" : String(value / scale)}
          onInput={(event) => {
            const text = event.currentTarget.value.trim();
            if (text === "") onChange({ [name]: null });
            else if (/^\d{1,10}$/.test(text)) onChange({ [name]: Number(text) * scale });
          }}
        />
        <span class="unit">{unit}</span>
      </span>
    </Labelled>
  );
}

function Cash({ item, errorOf, onChange, isReadOnly }: NumProps): JSX.Element {
  const words = useWords(SALES);
  const id = useId();
  const [text, setText] = useState(yuanOf(item.priceFen));
  const error = errorOf("priceFen");
  return (
    <Labelled id={id} label={words.cash} help={undefined} error={error}>
      <span class="in-unit before">
        <span class="unit">¥</span>
        <input
          id={id}
          class="in num"
          inputMode="decimal"
          disabled={isReadOnly}
          aria-invalid={error !== null || fenOf(text) === null}
          aria-describedby={`${id}-help`}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            const fen = fenOf(event.currentTarget.value);
            if (fen !== null) onChange({ priceFen: fen });
          }}
        />
      </span>
    </Labelled>
  );
}

function Picker({
  chosen,
  onClose,
  onPick,
}: {
  chosen: readonly string[];
  onClose: () => void;
  onPick: (sale: SaleView) => void;
}): JSX.Element {
  const words = useWords(SALES);
  const [search, setSearch] = useState("");
  const read = useRead<{ goods: SaleView[] }>(
    `/api/v1/staff/sale-goods?words=${encodeURIComponent(search)}`,
  );
  return (
    <Dialog title={words.pickTitle} onClose={onClose} wide>
      <div class="stack">
        <input
          class="in"
          type="search"
          autofocus
          aria-label={words.pickSearch}
          placeholder={words.pickSearch}
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        {read.value?.goods.length === 0 && <Empty icon="gift" title={words.pickNone} />}
        <ul class="picks">
          {read.value?.goods.map((sale) => {
            const isChosen = chosen.includes(sale.skuId);
            return (
              <li key={sale.saleId}>
                <button type="button" disabled={isChosen} onClick={() => onPick(sale)}>
                  <img
                    class="thumb"
                    src={sale.picture}
                    alt=""
                    style={{ background: sale.groundColor }}
                  />
                  <span>
                    <b>{sale.title}</b>
                    <span class="note mute">
                      {isChosen ? words.chosen : words.usual(sale.pricePoints, sale.remaining)}
                    </span>
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
      </div>
    </Dialog>
  );
}
