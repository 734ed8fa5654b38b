import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Block, GoodsDetailView } from "../../../worker/catalog/wire.ts";
import type { GoodsText } from "../../locales/goods.ts";
import { count, yuan } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { Badge, Price, widthsOf } from "../../ui/parts.tsx";
import { GoodsPicture } from "./goods-picture.tsx";
import { canChoose, type Sku } from "./goods-model.ts";

interface Props {
  goods: GoodsDetailView;
  sku: Sku | null;
  words: GoodsText;
}

/** The pictures, one beside the other, turned by hand; the figure says which one is seen. */
export function Gallery({ goods, sku, words }: Props): JSX.Element {
  const [at, setAt] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const own = sku?.picture ?? null;
  const pictures = own === null ? goods.pictures : [own, ...goods.pictures];
  const shown = pictures.length === 0 ? [null] : pictures;
  const seen = (event: { currentTarget: HTMLElement }): void => {
    const { scrollLeft, clientWidth } = event.currentTarget;
    setAt(Math.round(scrollLeft / Math.max(1, clientWidth)));
  };
  return (
    <section
      class="gd-pics"
      style={{ background: goods.groundColor }}
      aria-label={words.detail.pictures}
    >
      <div
        class="gd-strip"
        ref={box}
        onScroll={seen}
        {...(shown.length > 1
          ? { tabIndex: 0, role: "group", "aria-label": words.detail.pictures }
          : {})}
      >
        {shown.map((picture, index) => (
          <GoodsPicture
            key={picture?.path ?? index}
            picture={picture}
            size={480}
            sizes="(max-width: 480px) 100vw, 480px"
            alt={picture?.alt || goods.title}
            first={index === 0}
          />
        ))}
      </div>
      {shown.length > 1 && (
        <span class="gd-nth num" aria-live="off">
          <span aria-hidden="true">
            {Math.min(at + 1, shown.length)} / {shown.length}
          </span>
          <span class="sr">
            {words.detail.picture(Math.min(at + 1, shown.length), shown.length)}
          </span>
        </span>
      )}
    </section>
  );
}

export function Facts({ goods, sku, words }: Props): JSX.Element {
  const listPoints = sku?.pricePoints ?? goods.pricePoints;
  const points = sku?.memberPoints ?? goods.memberPoints;
  const cashFen = sku?.priceFen ?? goods.priceFen;
  return (
    <section class="gd-facts">
      <div class="gd-price">
        <Price points={points} cashFen={cashFen} size="xl" />
        <span class="gd-was">
          {points < listPoints && (
            <span class="was">
              {words.detail.list} <s class="num">{count(listPoints)}</s>
            </span>
          )}
          {goods.marketPriceFen !== null && (
            <span class="was">
              {words.detail.market} <s class="num">{yuan(goods.marketPriceFen)}</s>
            </span>
          )}
        </span>
      </div>
      <h1>{goods.title}</h1>
      {goods.subtitle !== "" && <p class="sec small">{goods.subtitle}</p>}
      <ul class="gd-badges">
        {goods.brand !== null && (
          <li>
            <Badge>{goods.brand.name}</Badge>
          </li>
        )}
        {sku?.discounts.map((title) => (
          <li key={title}>
            <Badge tone="brand">{title}</Badge>
          </li>
        ))}
        {goods.redeemed > 0 && (
          <li>
            <Badge>{words.detail.redeemed(goods.redeemed)}</Badge>
          </li>
        )}
        {goods.tags.map((tag) => (
          <li key={tag}>
            <Badge>{tag}</Badge>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** One row of choices for each axis; what cannot be had is said in words as well. */
export function Specs({
  goods,
  sku,
  words,
  onChoose,
}: Props & { onChoose: (axis: number, value: string) => void }): JSX.Element | null {
  if (goods.axes.length === 0) return null;
  return (
    <section class="card gd-card">
      <h2>{words.detail.spec}</h2>
      {goods.axes.map((axis, at) => (
        <fieldset key={axis.name} class="gd-axis">
          <legend class="small sec">{axis.name}</legend>
          {axis.values.map((value) => {
            const isThere = canChoose(goods.skus, sku, at, value);
            return (
              <label key={value} class={isThere ? "gd-opt" : "gd-opt out"}>
                <input
                  type="radio"
                  name={`axis-${at}`}
                  value={value}
                  checked={sku?.values[at] === value}
                  onChange={() => onChoose(at, value)}
                />
                <span>
                  {value}
                  {!isThere && <small> · {words.detail.specNone}</small>}
                </span>
              </label>
            );
          })}
        </fieldset>
      ))}
    </section>
  );
}

const HOW_ICON: Readonly<Record<GoodsDetailView["kind"], string>> = {
  physical: "truck",
  virtual: "check",
  coupon: "ticket",
  card_code: "lock",
  local_service: "store",
};

function limitLines(goods: GoodsDetailView, words: GoodsText): { text: string; used: number }[] {
  const { perOrder, perDay, window, lifetime } = goods.limits;
  const used = (per: string): number =>
    goods.mine?.limits.find((one) => one.per === per)?.used ?? 0;
  const { per } = words.detail;
  return [
    ...(perDay === null ? [] : [{ text: per.day(perDay), used: used("day") }]),
    ...(window === null
      ? []
      : [{ text: per.window(window.units, window.days), used: used("window") }]),
    ...(lifetime === null ? [] : [{ text: per.lifetime(lifetime), used: used("lifetime") }]),
    { text: words.detail.perOrder(perOrder), used: 0 },
  ];
}

function whoLines(
  { redeemedBy, forTiers }: GoodsDetailView,
  words: GoodsText,
  locale: string,
): string[] {
  if (redeemedBy === null) return [words.detail.everyone];
  const named = (names: readonly string[]): string => names.join(locale === "en" ? ", " : "、");
  const { segments, storeIds } = redeemedBy;
  return [
    ...(forTiers.length === 0 ? [] : [words.detail.tiers(named(forTiers))]),
    ...(segments === null ? [] : [words.detail.segments(named(segments))]),
    ...(storeIds === null ? [] : [words.detail.stores(named(storeIds))]),
  ];
}

/** How it reaches the member, who may have it, and how many. */
export function Terms({
  goods,
  words,
  locale,
}: Omit<Props, "sku"> & { locale: string }): JSX.Element {
  const unmet = goods.mine?.unmet ?? null;
  return (
    <section class="card gd-card gd-terms">
      <dl>
        <div>
          <dt>
            <Icon name={HOW_ICON[goods.kind]} size={20} />
            {words.detail.howTitle}
          </dt>
          <dd>
            {words.detail.how[goods.kind]}
            {goods.store !== null && (
              <span class="note">{words.detail.inStore(goods.store.name)}</span>
            )}
            {goods.kind === "physical" && (
              <span class="note mute">
                {goods.freightFen === 0
                  ? words.detail.freightFree
                  : `${words.detail.freight} ${yuan(goods.freightFen)}`}
              </span>
            )}
          </dd>
        </div>
        <div>
          <dt>
            <Icon name="users" size={20} />
            {words.detail.who}
          </dt>
          <dd>
            {whoLines(goods, words, locale).map((line) => (
              <span key={line}>{line}</span>
            ))}
            {unmet !== null && (
              <span class="gd-unmet">
                {words.detail.unmet[unmet]}
                {unmet === "tier" && (
                  <a class="link" href="/points/tier">
                    {words.detail.seeTier}
                  </a>
                )}
              </span>
            )}
          </dd>
        </div>
        <div>
          <dt>
            <Icon name="box" size={20} />
            {words.detail.limits}
          </dt>
          <dd>
            {limitLines(goods, words).map(({ text, used }) => (
              <span key={text}>
                {text}
                {used > 0 && <small class="note mute"> {words.detail.used(used)}</small>}
              </span>
            ))}
          </dd>
        </div>
      </dl>
    </section>
  );
}

function BlockView({ block }: { block: Block }): JSX.Element | null {
  switch (block.kind) {
    case "heading":
      return <h3>{block.text}</h3>;
    case "paragraph":
      return <p>{block.text}</p>;
    case "list":
      return (
        <ul class="gd-list">
          {block.items.map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ul>
      );
    case "facts":
      return (
        <dl class="kv">
          {block.facts.map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      );
    case "picture":
      return block.picture === null ? null : (
        <img
          class="gd-inset"
          src={block.picture.path}
          {...widthsOf(block.picture.path, "(max-width: 480px) 100vw, 480px")}
          alt={block.picture.alt}
          width={block.picture.width}
          height={block.picture.height}
          loading="lazy"
          decoding="async"
        />
      );
  }
}

/** Text nodes only: what staff wrote is never read as markup. */
export function About({ goods, words }: Omit<Props, "sku">): JSX.Element | null {
  if (goods.description.length === 0) return null;
  return (
    <section class="card gd-card gd-about">
      <h2>{words.detail.about}</h2>
      {goods.description.map((block) => (
        <BlockView key={JSON.stringify(block)} block={block} />
      ))}
    </section>
  );
}
