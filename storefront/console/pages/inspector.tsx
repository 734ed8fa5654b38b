import type { JSX } from "preact";
import type { Block } from "../../../worker/page-builder/wire.ts";
import { useWords } from "../kit/index.ts";
import { BLOCK_WORDS, type BlockWords } from "./block-words.ts";
import { Check, Select, Text } from "../value-fields/index.tsx";
import { Parts, type PartProps } from "./parts-field.tsx";
import { PictureInput } from "./picture-input.tsx";
import { WORDS } from "./words.ts";

type Of<T extends Block["type"]> = Extract<Block, { type: T }>;
interface Props<B extends Block> {
  block: B;
  set: (block: Block) => void;
  words: BlockWords;
}

const HEIGHTS = [30, 40, 50, 66] as const;
const SIZES = [8, 16, 24, 40] as const;
const QUICK_ICONS = [
  ...(["gift", "clock", "calendar", "list", "users", "ticket", "truck", "shield"] as const),
  ...(["crown", "coin", "orders", "pin", "help", "star", "cart", "tag"] as const),
];
const counted = (most: number): { value: number; title: string }[] =>
  Array.from({ length: most }, (_, at) => ({ value: at + 1, title: String(at + 1) }));
const linkOf = (text: string): string | null => (text.trim() === "" ? null : text.trim());

function LinkField(props: { value: string; set: (link: string) => void }): JSX.Element {
  const words = useWords(BLOCK_WORDS);
  return <Text label={words.link} help={words.linkHelp} maxLength={300} {...props} />;
}

type Slide = Of<"banner">["slides"][number];
type Entry = Of<"quick">["entries"][number];

function SlideFields({ part: slide, change }: PartProps<Slide>): JSX.Element {
  const words = useWords(BLOCK_WORDS);
  return (
    <>
      <PictureInput
        label={words.picture}
        value={slide.picture}
        set={(picture) => change({ ...slide, picture: picture ?? "" })}
      />
      <Text
        label={words.title}
        value={slide.title}
        maxLength={24}
        set={(title) => change({ ...slide, title })}
      />
      <Text
        label={words.note}
        value={slide.note}
        maxLength={40}
        set={(note) => change({ ...slide, note })}
      />
      <Text
        label={words.alt}
        value={slide.alt}
        help={words.altHelp}
        maxLength={60}
        set={(alt) => change({ ...slide, alt })}
      />
      <LinkField
        value={slide.link ?? ""}
        set={(text) => change({ ...slide, link: linkOf(text) })}
      />
    </>
  );
}

function EntryFields({ part: entry, change }: PartProps<Entry>): JSX.Element {
  const words = useWords(BLOCK_WORDS);
  return (
    <>
      <Text
        label={words.title}
        value={entry.title}
        maxLength={8}
        set={(title) => change({ ...entry, title })}
      />
      <Text
        label={words.note}
        value={entry.note}
        maxLength={10}
        set={(note) => change({ ...entry, note })}
      />
      <Select
        label={words.icon}
        value={entry.icon}
        options={QUICK_ICONS.map((value) => ({ value, title: value }))}
        set={(icon) => change({ ...entry, icon })}
      />
      <LinkField value={entry.link} set={(link) => change({ ...entry, link })} />
    </>
  );
}

function BannerFields({ block, set, words }: Props<Of<"banner">>): JSX.Element {
  return (
    <>
      <Select
        label={words.height}
        value={block.heightPercent}
        options={HEIGHTS.map((value) => ({ value, title: words.heightOf(value) }))}
        set={(heightPercent) => set({ ...block, heightPercent })}
      />
      <Parts
        title={words.slides}
        parts={block.slides}
        max={6}
        set={(slides) => set({ ...block, slides })}
        make={() => ({
          ...{ picture: "/goods/placeholder.svg", alt: "", title: "", note: "", link: null },
        })}
        words={{ add: words.addSlide, remove: words.remove, first: words.first }}
        fields={SlideFields}
      />
    </>
  );
}

function QuickFields({ block, set, words }: Props<Of<"quick">>): JSX.Element {
  return (
    <Parts
      title={words.entries}
      parts={block.entries}
      max={10}
      set={(entries) => set({ ...block, entries })}
      make={() => ({ icon: "star" as const, title: words.entries, note: "", link: "/" })}
      words={{ add: words.addEntry, remove: words.remove, first: words.first }}
      fields={EntryFields}
    />
  );
}

function SourceFields({ block, set, words }: Props<Of<"goods">>): JSX.Element {
  const { source } = block;
  return (
    <>
      {source.kind === "category" && (
        <Text
          label={words.category}
          value={source.category}
          maxLength={64}
          set={(category) => set({ ...block, source: { kind: "category", category } })}
        />
      )}
      {source.kind === "named" && (
        <Text
          label={words.skuIds}
          value={source.skuIds.join("\n")}
          help={words.skuIdsHelp}
          rows={4}
          maxLength={1_600}
          set={(text) =>
            set({
              ...block,
              source: {
                kind: "named",
                skuIds: text
                  .split(/[\n,，、]/)
                  .map((id) => id.trim())
                  .filter(Boolean),
              },
            })
          }
        />
      )}
    </>
  );
}

function GoodsFields({ block, set, words }: Props<Of<"goods">>): JSX.Element {
  const { source } = block;
  const kinds = ["all", "near", "category", "named"] as const;
  const made = (kind: (typeof kinds)[number]): Of<"goods">["source"] =>
    kind === "category"
      ? { kind, category: "tea" }
      : kind === "named"
        ? { kind, skuIds: ["sku-1"] }
        : { kind };
  return (
    <>
      <Text
        label={words.title}
        value={block.title}
        help={words.titleHelp}
        maxLength={24}
        set={(title) => set({ ...block, title })}
      />
      <Select
        label={words.source}
        value={source.kind}
        options={kinds.map((value) => ({ value, title: words.sources[value] }))}
        set={(kind) => set({ ...block, source: made(kind) })}
      />
      <SourceFields block={block} set={set} words={words} />
      <Select
        label={words.layout}
        value={block.layout}
        options={(["grid", "list"] as const).map((value) => ({
          value,
          title: words.layouts[value],
        }))}
        set={(layout) => set({ ...block, layout })}
      />
      <Select
        label={words.max}
        value={block.max}
        options={counted(24)}
        set={(max) => set({ ...block, max })}
      />
      <Check
        label={words.showsBands}
        value={block.showsBands}
        set={(showsBands) => set({ ...block, showsBands })}
      />
    </>
  );
}

function PictureFields({ block, set, words }: Props<Of<"picture">>): JSX.Element {
  return (
    <>
      <PictureInput
        label={words.picture}
        value={block.picture}
        set={(picture) => set({ ...block, picture: picture ?? "" })}
      />
      <Text
        label={words.alt}
        value={block.alt}
        help={words.altHelp}
        maxLength={60}
        set={(alt) => set({ ...block, alt })}
      />
      <Select
        label={words.height}
        value={block.heightPercent}
        options={[...new Set([20, 30, 40, 50, 60, 80, 100, 133, block.heightPercent])]
          .sort((a, b) => a - b)
          .map((value) => ({ value, title: words.heightOf(value) }))}
        set={(heightPercent) => set({ ...block, heightPercent })}
      />
      <LinkField value={block.link ?? ""} set={(text) => set({ ...block, link: linkOf(text) })} />
    </>
  );
}

const REASONS = ["expiring", "because"] as const;

/** At least one reason stays: a block without any would show nothing. */
function SuggestedFields({ block, set, words }: Props<Of<"suggested">>): JSX.Element {
  const chosen = (reason: (typeof REASONS)[number], isOn: boolean): void => {
    const reasons = isOn
      ? [...block.reasons, reason]
      : block.reasons.filter((one) => one !== reason);
    if (reasons.length > 0) set({ ...block, reasons });
  };
  return (
    <>
      {REASONS.map((reason) => (
        <Check
          key={reason}
          label={words.reasons[reason]}
          value={block.reasons.includes(reason)}
          set={(isOn) => chosen(reason, isOn)}
        />
      ))}
      <p class="mute">{words.reasonsHelp}</p>
      <Select
        label={words.max}
        value={block.max}
        options={counted(6)}
        set={(max) => set({ ...block, max })}
      />
    </>
  );
}

function NoticeFields({ block, set, words }: Props<Of<"notice">>): JSX.Element {
  return (
    <>
      <Text
        label={words.text}
        value={block.text}
        maxLength={80}
        set={(text) => set({ ...block, text })}
      />
      <LinkField value={block.link ?? ""} set={(text) => set({ ...block, link: linkOf(text) })} />
    </>
  );
}

export function Inspector({
  block,
  set,
}: {
  block: Block;
  set: (block: Block) => void;
}): JSX.Element {
  const words = useWords(BLOCK_WORDS);
  const { richHelp } = useWords(WORDS);
  switch (block.type) {
    case "banner":
      return <BannerFields block={block} set={set} words={words} />;
    case "quick":
      return <QuickFields block={block} set={set} words={words} />;
    case "goods":
      return <GoodsFields block={block} set={set} words={words} />;
    case "picture":
      return <PictureFields block={block} set={set} words={words} />;
    case "notice":
      return <NoticeFields block={block} set={set} words={words} />;
    case "suggested":
      return <SuggestedFields block={block} set={set} words={words} />;
    case "sales":
      return (
        <>
          <Text
            label={words.title}
            value={block.title}
            help={words.titleHelp}
            maxLength={24}
            set={(title) => set({ ...block, title })}
          />
          <Select
            label={words.max}
            value={block.max}
            options={counted(6)}
            set={(max) => set({ ...block, max })}
          />
        </>
      );
    case "rich_text":
      return (
        <Text
          label={words.text}
          value={block.text}
          help={richHelp}
          rows={10}
          maxLength={2_000}
          set={(text) => set({ ...block, text })}
        />
      );
    case "spacer":
      return (
        <Select
          label={words.size}
          value={block.size}
          options={SIZES.map((value) => ({ value, title: `${value} px` }))}
          set={(size) => set({ ...block, size })}
        />
      );
    default:
      return <p class="mute">{words.plain}</p>;
  }
}
