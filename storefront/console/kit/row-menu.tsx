import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { KIT } from "./kit-words.ts";
import { Icon, IconButton } from "./parts.tsx";
import type { RowAction } from "./table.tsx";
import { useWords } from "./words.ts";

/** Acts on one row. One stands there as it is, more fold into a menu. */
export function RowMenu<Row>({
  row,
  actions,
}: {
  row: Row;
  actions: readonly RowAction<Row>[];
}): JSX.Element | null {
  const words = useWords(KIT);
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    box.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const close = (event: Event): void => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener("pointerdown", close);
    return () => removeEventListener("pointerdown", close);
  }, [isOpen]);
  const [only] = actions;
  if (!only) return null;
  if (actions.length === 1)
    return (
      <button
        type="button"
        class={`btn link sm${only.danger ? " danger-text" : ""}`}
        onClick={() => only.run(row)}
      >
        {only.title}
      </button>
    );
  const key = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      setOpen(false);
      box.current?.querySelector("button")?.focus();
    } else if (!step(box.current, event.key)) return;
    event.preventDefault();
  };
  return (
    <div class="menu-box" ref={box} onKeyDown={key}>
      <IconButton
        icon="more"
        name={words.actions}
        pressed={isOpen}
        onClick={() => setOpen(!isOpen)}
      />
      {isOpen && (
        <div class="menu" role="menu">
          {actions.map((action) => (
            <button
              key={action.title}
              type="button"
              role="menuitem"
              class={action.danger ? "danger-text" : ""}
              onClick={() => {
                setOpen(false);
                // The entry goes; a dialog gives the focus back to what had it.
                box.current?.querySelector("button")?.focus();
                action.run(row);
              }}
            >
              {action.icon && <Icon name={action.icon} size={16} />}
              {action.title}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** Moves the focus up or down a menu; false: the key is another. */
function step(box: HTMLElement | null, key: string): boolean {
  const by = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0;
  const items = [...(box?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
  const at = items.indexOf(document.activeElement as HTMLElement);
  if (by !== 0) items[(at + by + items.length) % items.length]?.focus();
  return by !== 0;
}
