import type { ComponentChildren, JSX } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { ConsoleContext } from "./console.ts";
import { ICONS, type IconName } from "./icons.ts";
import { KIT } from "./kit-words.ts";
import { RouterContext } from "./router.ts";
import { useWords } from "./words.ts";
import type { Problem } from "./client.ts";

/** Always beside words or inside a named control, hence hidden from assistive technology. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg
      class="i"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
      // Shapes are constants of this build.
      dangerouslySetInnerHTML={{ __html: ICONS[name] }}
    />
  );
}

export type Tone = "plain" | "ok" | "warn" | "danger" | "info" | "brand" | "ink";

export function Badge({
  tone = "plain",
  icon,
  children,
}: {
  tone?: Tone;
  icon?: IconName;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <span class={`badge ${tone}`}>
      {icon && <Icon name={icon} size={14} />}
      {children}
    </span>
  );
}

export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly kind?: "primary" | "line" | "ink" | "quiet" | "danger" | "link";
  readonly size?: "sm";
  readonly icon?: IconName;
  /** An address of the console, or one to download; without it, `onClick`. */
  readonly href?: string;
  /** Of an address outside the console: it stays open beside. */
  readonly newTab?: boolean;
  readonly onClick?: (event: MouseEvent) => void;
  readonly type?: "button" | "submit";
  /** Keeps its width and label, and takes no second click. */
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly label?: string;
  readonly title?: string;
}

/** What leads to a section that its reader does not see is left out. */
export function Button(props: ButtonProps): JSX.Element | null {
  const desk = useContext(ConsoleContext);
  const { children, kind = "line", size, icon, href, onClick, type = "button" } = props;
  const { busy = false, disabled = false, newTab = false, label, title } = props;
  const look = `btn ${kind}${size ? ` ${size}` : ""}`;
  const named = {
    ...(label === undefined ? {} : { "aria-label": label }),
    ...(title === undefined ? {} : { title }),
  };
  const inside = (
    <>
      {busy ? <span class="spin" aria-hidden="true" /> : icon && <Icon name={icon} size={16} />}
      {children}
    </>
  );
  if (href !== undefined && desk?.opens(href) === false) return null;
  if (href !== undefined)
    return (
      <a class={look} href={href} {...(newTab ? { target: "_blank" } : {})} {...named}>
        {inside}
      </a>
    );
  return (
    <button
      class={look}
      type={type}
      disabled={disabled}
      aria-busy={busy}
      // Not disabled: the keyboard keeps its place until the act is done.
      aria-disabled={busy}
      onClick={(event) => (busy ? event.preventDefault() : onClick?.(event))}
      {...named}
    >
      {inside}
    </button>
  );
}

/** A control that is only an icon; its name is read out and shown on hover. */
export function IconButton({
  icon,
  name,
  onClick,
  pressed,
}: {
  icon: IconName;
  name: string;
  onClick: (event: MouseEvent) => void;
  pressed?: boolean;
}): JSX.Element {
  return (
    <button
      class="icon-btn"
      type="button"
      aria-label={name}
      title={name}
      onClick={onClick}
      {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
    >
      <Icon name={icon} size={18} />
    </button>
  );
}

/** A link in a text; who does not see where it leads reads the words alone. */
export function Link(props: {
  href: string;
  class?: string;
  children: ComponentChildren;
}): JSX.Element {
  const { href, class: look, children } = props;
  const desk = useContext(ConsoleContext);
  if (desk?.opens(href) === false) return <span>{children}</span>;
  return (
    <a href={href} {...(look === undefined ? {} : { class: look })}>
      {children}
    </a>
  );
}

/** Fields to be looked at. */
export function ReadOnly({ children }: { children: ComponentChildren }): JSX.Element {
  return (
    <fieldset class="as-is" disabled>
      {children}
    </fieldset>
  );
}

/** A table that is wider than its place is scrolled beside, by keys too. */
export function TableScroll(props: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class="table-scroll" role="region" aria-label={props.name} tabIndex={0}>
      {props.children}
    </div>
  );
}

/** The head of a page: its title, what state it is in, and its acts at the right. Sets the window's title too. */
export function PageHead({
  title,
  note,
  badge,
  back,
  children,
}: {
  title: string;
  note?: ComponentChildren | undefined;
  badge?: ComponentChildren | undefined;
  /** Where this page is opened from. */
  back?: Back;
  /** Acts, the primary one last. */
  children?: ComponentChildren;
}): JSX.Element {
  useEffect(() => {
    document.title = `${title} · 抢兑`;
  }, [title]);
  const headRef = useRef<HTMLHeadingElement>(null);
  const router = useContext(RouterContext);
  // Whoever came by a link of the page before, or of the navigation, reads on here and not from the top of the console.
  useEffect(() => {
    const at = document.activeElement;
    const isLeft = at === null || at === document.body || at.closest("nav") !== null;
    if (router?.hasMoved && isLeft) headRef.current?.focus({ preventScroll: true });
  }, [router]);
  return (
    <header class="page-head">
      {back && (
        <a class="back" href={back.href}>
          <Icon name="left" size={16} />
          {back.title}
        </a>
      )}
      <div class="page-head-line">
        <h1 ref={headRef} tabIndex={-1}>
          {title}
        </h1>
        {badge}
        {note !== undefined && <span class="note mute">{note}</span>}
        <div class="acts">{children}</div>
      </div>
    </header>
  );
}

export function Card({
  title,
  note,
  acts,
  children,
  flush = false,
}: {
  title?: string;
  note?: ComponentChildren;
  acts?: ComponentChildren;
  children: ComponentChildren;
  /** Without padding, for tables and lists that go to the edge. */
  flush?: boolean;
}): JSX.Element {
  return (
    <section class={flush ? "card flush" : "card"}>
      {title !== undefined && (
        <header>
          <h2>{title}</h2>
          {note !== undefined && <span class="note mute">{note}</span>}
          {acts !== undefined && <div class="acts">{acts}</div>}
        </header>
      )}
      <div class="card-body">{children}</div>
    </section>
  );
}

/** What is true, why, and one way on. */
export function Empty({
  icon = "info",
  title,
  body,
  children,
}: {
  icon?: IconName;
  title: string;
  body?: ComponentChildren;
  children?: ComponentChildren;
}): JSX.Element {
  return (
    <div class="empty">
      <Icon name={icon} size={28} />
      <h2>{title}</h2>
      {body !== undefined && <p>{body}</p>}
      {children !== undefined && <div class="acts">{children}</div>}
    </div>
  );
}

/** The sentence for a refusal: the server's own, or what we know when it did not answer. */
export function useProblemSentence(): (problem: Problem) => string {
  const words = useWords(KIT);
  return ({ code, detail }) =>
    code === "network"
      ? words.network
      : code === "timeout"
        ? words.timeout
        : detail || words.failed;
}

interface Back {
  readonly href: string;
  readonly title: string;
}

/** A page whose one thing could not be read, or is not there. */
export function FailedPage({
  back,
  ...failure
}: {
  problem: Problem;
  back: Back;
  onRetry: () => void;
}): JSX.Element {
  const words = useWords(KIT);
  if (failure.problem.code === "not_found") return <MissingPage back={back} />;
  return (
    <>
      <PageHead title={words.failed} back={back} />
      <Failed {...failure} />
    </>
  );
}

/** Nothing goes by the id in this address: whoever came by an old link is shown where to look. */
export function MissingPage({ back }: { back: Back }): JSX.Element {
  const words = useWords(KIT);
  return (
    <>
      <PageHead title={words.missing} back={back} />
      <Empty icon="search" title={words.missingWhy} body={words.missingHelp(back.title)}>
        <Button kind="primary" href={back.href}>
          {back.title}
        </Button>
      </Empty>
    </>
  );
}

export function Failed({
  problem,
  onRetry,
}: {
  problem: Problem;
  onRetry?: () => void;
}): JSX.Element {
  const words = useWords(KIT);
  const sentence = useProblemSentence();
  if (problem.code === "not_found")
    return <Empty icon="search" title={words.missing} body={words.missingWhy} />;
  return (
    <div class="empty" role="alert">
      <Icon name="alert" size={28} />
      <h2>{words.failed}</h2>
      <p>{sentence(problem)}</p>
      <p class="mute note">
        {words.failedHelp} {problem.reference !== null && words.reference(problem.reference)}
      </p>
      {onRetry && (
        <div class="acts">
          <Button icon="refresh" onClick={onRetry}>
            {words.retry}
          </Button>
        </div>
      )}
    </div>
  );
}

/** The shape of what is to come; shown only when it takes longer than a blink. */
export function Loading({ rows = 6 }: { rows?: number }): JSX.Element {
  const words = useWords(KIT);
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="skeleton" role="status" aria-label={words.loading}>
      {isShown && Array.from({ length: rows }, (_, at) => <span key={at} />)}
    </div>
  );
}
