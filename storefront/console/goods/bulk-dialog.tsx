import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { StaffCategoriesView, StaffGoodsRow } from "../../../worker/catalog/wire.ts";
import { Button, Dialog, Field, useWords } from "../kit/index.ts";
import { useBulkChange } from "./use-bulk-change.ts";
import { GOODS } from "./words.ts";

export interface BulkAsk {
  readonly act: "category" | "add_tag" | "remove_tag" | "price_percent";
  readonly rows: readonly StaffGoodsRow[];
  readonly done: () => void;
}

/** Asks for the one value that a change of many goods needs. */
export function BulkDialog({
  ask,
  tree,
  onClose,
  onDone,
}: {
  ask: BulkAsk;
  tree: StaffCategoriesView | null;
  onClose: () => void;
  onDone: () => void;
}): JSX.Element {
  const words = useWords(GOODS);
  const change = useBulkChange(onDone);
  const [value, setValue] = useState("");
  const [isBusy, setBusy] = useState(false);
  const { act, rows, done } = ask;
  const { bulk } = words;
  const many = rows.length;
  const titles = {
    category: bulk.categoryTitle(many),
    add_tag: bulk.tagTitle(many),
    remove_tag: bulk.untagTitle(many),
    price_percent: bulk.priceTitle(many),
  };
  const send = async (): Promise<void> => {
    setBusy(true);
    const isDone = await change({ act, value: value === "" ? null : value }, rows);
    setBusy(false);
    if (isDone) done();
  };
  return (
    <Dialog
      title={titles[act]}
      onClose={onClose}
      acts={
        <Button
          kind="primary"
          busy={isBusy}
          disabled={value === "" && act !== "category"}
          onClick={() => void send()}
        >
          {bulk.go}
        </Button>
      }
    >
      <ValueField act={act} tree={tree} value={value} onChange={setValue} />
    </Dialog>
  );
}

function ValueField({
  act,
  tree,
  value,
  onChange,
}: {
  act: BulkAsk["act"];
  tree: StaffCategoriesView | null;
  value: string;
  onChange: (value: string) => void;
}): JSX.Element {
  const words = useWords(GOODS);
  const { bulk } = words;
  return act === "category" ? (
    <Field id="bulk-value" label={words.category}>
      <select
        id="bulk-value"
        class="in"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        <option value="">—</option>
        {tree?.categories.map(({ categoryId, name }) => (
          <option key={categoryId} value={categoryId}>
            {name}
          </option>
        ))}
      </select>
    </Field>
  ) : (
    <Field
      id="bulk-value"
      label={act === "price_percent" ? bulk.percent : bulk.tagName}
      help={act === "price_percent" ? bulk.priceHelp : undefined}
    >
      <input
        id="bulk-value"
        class={act === "price_percent" ? "in num" : "in"}
        inputMode={act === "price_percent" ? "numeric" : "text"}
        maxLength={20}
        value={value}
        onInput={(event) => onChange(event.currentTarget.value.trim())}
      />
    </Field>
  );
}
