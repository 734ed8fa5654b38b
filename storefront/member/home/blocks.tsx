/** Blocks of the page builder that only show: what acts has a file of its own. */
import type { ComponentChildren, JSX } from "preact";
import type { BlockView, Span, TierCardView } from "../../../worker/pages/wire.ts";
import type { PagesText } from "../../locales/pages.zh-CN.ts";
import { count } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { widthsOf } from "../../ui/parts.tsx";

type Of<T extends BlockView["type"]> = Extract<BlockView, { type: T }>;

/** Parts of a published document never change places, so a part is known by its place. */
function placed<T>(parts: readonly T[]): { part: T; at: number }[] {
  return parts.map((part, at) => ({ part, at }));
}

/** Links that leave the mall say nothing of where they came from. */
const away = (link: string): { rel?: string } =>
  link.startsWith("/") ? {} : { rel: "noopener noreferrer" };

/** A box of fixed shape, held before the picture comes: nothing below it jumps. */
function Framed(props: {
  picture: string;
  alt: string;
  heightPercent: number;
  first?: boolean;
}): JSX.Element {
  const { picture, alt, heightPercent, first = false } = props;
  const priority = first ? { fetchpriority: "high" as const } : { loading: "lazy" as const };
  return (
    <span class="framed" style={{ paddingTop: `${heightPercent}%` }}>
      <img
        src={picture}
        {...widthsOf(picture, "(max-width: 480px) 100vw, 480px")}
        alt={alt}
        width={800}
        height={heightPercent * 8}
        decoding="async"
        {...priority}
      />
    </span>
  );
}

export function Banner({
  block,
  first,
  words,
}: {
  block: Of<"banner">;
  first: boolean;
  words: PagesText;
}): JSX.Element {
  const many = block.slides.length > 1;
  return (
    <section
      class="banner"
      aria-label={words.home.banner}
      // What scrolls sideways can be scrolled by keyboard too.
      {...(many ? { tabIndex: 0 } : {})}
    >
      {placed(block.slides).map(({ part: slide, at }) => {
        const face = (
          <>
            <Framed
              picture={slide.picture}
              alt={slide.alt}
              heightPercent={block.heightPercent}
              first={first && at === 0}
            />
            {slide.title !== "" && (
              <span class="banner-t">
                <b>{slide.title}</b>
                {slide.note !== "" && <span class="small">{slide.note}</span>}
              </span>
            )}
          </>
        );
        const kind = many ? "slide many" : "slide";
        return slide.link === null ? (
          <div key={at} class={kind}>
            {face}
          </div>
        ) : (
          <a
            key={at}
            class={kind}
            href={slide.link}
            {...away(slide.link)}
            // A picture without words still needs a name as a link.
            {...(slide.alt === "" && slide.title === "" ? { "aria-label": words.home.banner } : {})}
          >
            {face}
          </a>
        );
      })}
    </section>
  );
}

export function Notice({ block }: { block: Of<"notice"> }): JSX.Element {
  const face = (
    <>
      <Icon name="megaphone" size={18} />
      <span>{block.text}</span>
      {block.link !== null && <Icon name="right" size={16} />}
    </>
  );
  return block.link === null ? (
    <p class="notice">{face}</p>
  ) : (
    <a class="notice" href={block.link} {...away(block.link)}>
      {face}
    </a>
  );
}

export function Quick({ block, words }: { block: Of<"quick">; words: PagesText }): JSX.Element {
  const columns = block.entries.length <= 5 ? block.entries.length : 5;
  return (
    <nav class={`quick c${Math.max(3, columns)}`} aria-label={words.home.quick}>
      {placed(block.entries).map(({ part: entry, at }) => (
        <a key={at} href={entry.link} {...away(entry.link)}>
          <i>
            <Icon name={entry.icon} size={24} />
          </i>
          <b>{entry.title}</b>
          {entry.note !== "" && <span>{entry.note}</span>}
        </a>
      ))}
    </nav>
  );
}

function Spans({ spans }: { spans: readonly Span[] }): JSX.Element {
  return (
    <>
      {placed(spans).map(({ part: span, at }) =>
        span.kind === "link" ? (
          <a key={at} href={span.link} {...away(span.link)}>
            {span.text}
          </a>
        ) : span.kind === "strong" ? (
          <b key={at}>{span.text}</b>
        ) : (
          span.text
        ),
      )}
    </>
  );
}

export function RichText({
  paragraphs,
}: {
  paragraphs: Of<"rich_text">["paragraphs"];
}): JSX.Element {
  return (
    <div class="rich">
      {placed(paragraphs).map(({ part, at }) =>
        part.kind === "list" ? (
          <ul key={at}>
            {placed(part.items).map(({ part: spans, at: number }) => (
              <li key={number}>
                <Spans spans={spans} />
              </li>
            ))}
          </ul>
        ) : part.kind === "heading" ? (
          <h2 key={at}>
            <Spans spans={part.spans} />
          </h2>
        ) : (
          <p key={at}>
            <Spans spans={part.spans} />
          </p>
        ),
      )}
    </div>
  );
}

export function PictureBlock({
  block,
  first,
}: {
  block: Of<"picture">;
  first: boolean;
}): JSX.Element {
  const face = (
    <Framed
      picture={block.picture}
      alt={block.alt}
      heightPercent={block.heightPercent}
      first={first}
    />
  );
  return block.link === null ? (
    <div class="pict">{face}</div>
  ) : (
    <a
      class="pict"
      href={block.link}
      {...away(block.link)}
      {...(block.alt === "" ? { "aria-label": block.link } : {})}
    >
      {face}
    </a>
  );
}

export function TierStrip(props: {
  tier: TierCardView;
  words: PagesText;
  children?: ComponentChildren;
}): JSX.Element {
  const { tier, words, children } = props;
  const { next } = tier;
  const share = Math.min(1, Math.max(0, tier.progress));
  return (
    <a class="tiers" href="/points/tier">
      <span class="tiers-h">
        <Icon name="crown" size={22} />
        <b>{tier.tier.name}</b>
        <span class="small num">{words.home.growth(count(tier.growth))}</span>
      </span>
      <span class="tiers-b" aria-hidden="true">
        <i style={{ transform: `scaleX(${share})` }} />
      </span>
      <span class="small">
        {next === null ? words.home.tierTop : words.home.tierNext(next.missingGrowth, next.name)}
      </span>
      {children}
    </a>
  );
}

export function CheckInStrip({
  checkIn,
  words,
}: {
  checkIn: NonNullable<Parameters<typeof stripDays>[0]>;
  words: PagesText;
}): JSX.Element {
  return (
    <a class="strip card" href="/points/check-in">
      <span class="strip-h">
        <b>{words.home.streak(checkIn.streak)}</b>
        <span class={checkIn.isCheckedIn ? "badge ok" : "badge brand"}>
          {checkIn.isCheckedIn ? words.home.checkedIn : words.home.checkIn(checkIn.points)}
        </span>
      </span>
      <span class="strip-d" aria-hidden="true">
        {stripDays(checkIn).map((day) => (
          <i key={day.day} class={`${day.state}${day.day === checkIn.day ? " now" : ""}`}>
            {day.state === "done" || day.state === "made_up" ? (
              <Icon name="check" size={16} />
            ) : (
              <span class="num">+{day.points}</span>
            )}
          </i>
        ))}
      </span>
    </a>
  );
}

interface StripView {
  readonly day: string;
  readonly streak: number;
  readonly isCheckedIn: boolean;
  readonly points: number;
  readonly cycle: {
    readonly days: readonly { day: string; state: string; points: number }[];
  };
}

/** Seven days with today in sight. */
function stripDays({ day, cycle }: StripView): StripView["cycle"]["days"] {
  const today = cycle.days.findIndex((one) => one.day === day);
  const from = Math.max(0, Math.min(today - 3, cycle.days.length - 7));
  return cycle.days.slice(from, from + 7);
}
