import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { Icon } from "../../ui/icon.tsx";
import { sentence, useText } from "../../ui/text.tsx";
import type { GrabAction, GrabState } from "./grab-state.ts";

/** Acts that are worth the milliseconds between finger down and click; the others are links. */
const AT_ONCE: ReadonlySet<GrabAction> = new Set(["book", "grab", "redeem"]);

/** A second tap on the heels of the first was meant for the button as it was; it leads nowhere else. */
const SECOND_TAP_MS = 500;

const ICONS: Partial<Record<GrabState["state"], string>> = {
  granted: "check",
  points_insufficient: "coin",
  limit_reached: "orders",
};

export function GrabButton({ grab, onAct }: { grab: GrabState; onAct: () => void }): JSX.Element {
  const t = useText();
  const tookPointerRef = useRef(false);
  const actedAtRef = useRef(Number.NEGATIVE_INFINITY);

  const act = (event: Event): void => {
    if (AT_ONCE.has(grab.action)) actedAtRef.current = event.timeStamp;
    else if (event.timeStamp - actedAtRef.current < SECOND_TAP_MS) return;
    onAct();
  };

  const down = (event: PointerEvent): void => {
    tookPointerRef.current = false;
    if (event.button !== 0 || !AT_ONCE.has(grab.action)) return;
    tookPointerRef.current = true;
    act(event);
  };
  const click = (event: MouseEvent): void => {
    // The click that ends a handled press is the same act; by now the button may mean another one.
    // A click without a pointer (Enter, Space, a screen reader) has detail 0 and stands for itself.
    const same = tookPointerRef.current && event.detail !== 0;
    tookPointerRef.current = false;
    if (!same && grab.action !== "none") act(event);
  };

  const icon = ICONS[grab.state];
  return (
    <button
      type="button"
      id="grab"
      class={grab.label.key === "grab" ? "grab go" : "grab"}
      data-tone={grab.tone}
      data-state={grab.state}
      aria-disabled={grab.ariaDisabled}
      aria-busy={grab.busy}
      onPointerDown={down}
      onClick={click}
    >
      <span class="grab-w">
        {grab.busy && <i class="spin" />}
        {!grab.busy && icon !== undefined && <Icon name={icon} />}
        {sentence(t.grab.label, grab.label)}
      </span>
      <span class="grab-s">{sentence(t.grab.sub, grab.sub)}</span>
    </button>
  );
}
