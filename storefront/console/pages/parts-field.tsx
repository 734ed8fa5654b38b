import type { ComponentType, JSX } from "preact";
import { Button, IconButton } from "../kit/index.ts";

export interface PartProps<P> {
  readonly part: P;
  readonly change: (part: P) => void;
}

/** A short list of parts of one block, each with its own fields. */
export function Parts<P extends object>(props: {
  title: string;
  parts: readonly P[];
  set: (parts: P[]) => void;
  max: number;
  make: () => P;
  words: { add: string; remove: string; first: string };
  fields: ComponentType<PartProps<P>>;
}): JSX.Element {
  const { title, parts, set, max, make, words, fields: Fields } = props;
  // Parts have no names of their own; they are told apart by their place.
  const placed = parts.map((one, at) => ({ one, at }));
  return (
    <fieldset class="pb-parts">
      <legend>{title}</legend>
      {placed.map(({ one, at }) => (
        <div key={`part ${at}`} class="pb-part">
          <Fields part={one} change={(changed) => set(parts.with(at, changed))} />
          <div class="row">
            {at > 0 && (
              <IconButton
                icon="up"
                name={words.first}
                onClick={() => set(parts.toSpliced(at, 1).toSpliced(at - 1, 0, one))}
              />
            )}
            {parts.length > 1 && (
              <IconButton
                icon="trash"
                name={words.remove}
                onClick={() => set(parts.toSpliced(at, 1))}
              />
            )}
          </div>
        </div>
      ))}
      {parts.length < max && (
        <Button size="sm" icon="plus" onClick={() => set([...parts, make()])}>
          {words.add}
        </Button>
      )}
    </fieldset>
  );
}
