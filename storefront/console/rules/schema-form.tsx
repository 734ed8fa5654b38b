/** One form for all terms, rules and tasks: drawn from their schema, with the words of the console. */
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import { Button, Field, useWords } from "../kit/index.ts";
import { ListInput } from "./controls.tsx";
import { useChoiceWords, useFieldWords } from "./field-words.ts";
import { Leaf, put, type FormScene, type PartProps } from "./schema-leaf.tsx";
import { initialOf, initialVariant, orNull, resolved, variantsOf, type Values } from "./schema.ts";
import { RULES } from "./words.ts";

/** Every field of a schema's object, in its order. */
export function SchemaFields(scene: FormScene): JSX.Element {
  return <Part {...scene} node={scene.root} path={[]} value={scene.form.values} />;
}

function Part(props: PartProps): JSX.Element | null {
  const { root, path } = props;
  const node = resolved(root, props.node);
  const inner = orNull(root, node);
  if (inner) return <Optional {...props} node={inner} />;
  if (variantsOf(root, node)) return <Variants {...props} node={node} />;
  if (node.type === "object")
    return <Group {...props} node={node} isInline={typeof path.at(-1) !== "string"} />;
  if (node.type === "array") return <List {...props} node={node} />;
  return <Leaf {...props} node={node} />;
}

function Group({ isInline, ...props }: PartProps & { isInline: boolean }): JSX.Element {
  const { node, path, value } = props;
  const words = useFieldWords(props.context)(path);
  const fields = Object.entries(node.properties ?? {})
    .filter(([name, one]) => !(name === "kind" && (one.const ?? one.enum)))
    .map(([name, one]) => (
      <Part
        key={name}
        {...props}
        node={one}
        path={[...path, name]}
        value={(value as Values | null)?.[name]}
      />
    ));
  if (isInline) return <>{fields}</>;
  return (
    <Nest label={words.label} help={words.help}>
      {fields}
    </Nest>
  );
}

function Nest({
  label,
  help,
  acts,
  children,
}: {
  label: string;
  help?: string | undefined;
  acts?: ComponentChildren;
  children?: ComponentChildren;
}): JSX.Element {
  const id = useId();
  return (
    <div class="field sf-nest" role="group" aria-labelledby={id}>
      <span id={id} class="field-label">
        {label}
      </span>
      <div class="sf-in">
        {acts}
        {help !== undefined && <p class="help">{help}</p>}
        {children}
      </div>
    </div>
  );
}

/** A value or none: the switch says which, the fields below it say what. */
function Optional(props: PartProps): JSX.Element {
  const { root, node, path, value } = props;
  const words = useWords(RULES);
  const { label, help } = useFieldWords(props.context)(path);
  const isLeaf = node.type !== undefined && node.type !== "object" && node.type !== "array";
  if (isLeaf) return <Leaf {...props} isOptional />;
  const isOn = value !== null && value !== undefined;
  const toggle = (): void => put(props, path, isOn ? null : initialOf(root, node));
  const switcher = (
    <button
      type="button"
      class="switch"
      role="switch"
      aria-checked={isOn}
      aria-label={label}
      onClick={toggle}
    >
      <span aria-hidden="true" />
      {isOn ? words.has : words.hasNone}
    </button>
  );
  if (!isOn) return <Nest label={label} help={help} acts={switcher} />;
  return (
    <Nest label={label} help={help} acts={switcher}>
      {variantsOf(root, node) ? <Variants {...props} isBare /> : <Group {...props} isInline />}
    </Nest>
  );
}

function Variants({ isBare = false, ...props }: PartProps & { isBare?: boolean }): JSX.Element {
  const { root, node, path, value } = props;
  const id = useId();
  const { label, help } = useFieldWords(props.context)(path.length === 0 ? ["kind"] : path);
  const say = useChoiceWords(props.context);
  const variants = variantsOf(root, node) ?? [];
  const kind = String((value as Values | null)?.["kind"] ?? "");
  const chosen = variants.find((one) => one.kind === kind);
  const select = (
    <select
      id={id}
      class="in"
      aria-label={label}
      value={kind}
      onChange={(event) => {
        const next = variants.find((one) => one.kind === event.currentTarget.value);
        if (!next) return;
        // What both forms have is kept.
        const fresh = initialVariant(root, next);
        const old = (value ?? {}) as Values;
        const kept = Object.keys(fresh).filter((name) => name in old && next.node === chosen?.node);
        put(props, path, {
          ...fresh,
          ...Object.fromEntries(kept.map((name) => [name, old[name]])),
          kind: next.kind,
        });
      }}
    >
      {variants.map((one) => (
        <option key={one.kind} value={one.kind}>
          {say(path, one.kind)}
        </option>
      ))}
    </select>
  );
  const fields = chosen && <Group {...props} node={chosen.node} isInline />;
  if (isBare) {
    return (
      <>
        {select}
        {fields}
      </>
    );
  }
  return (
    <Nest label={label} help={help} acts={select}>
      {fields}
    </Nest>
  );
}

function List(props: PartProps): JSX.Element {
  const { root, node, path, form } = props;
  const words = useWords(RULES);
  const { label, help } = useFieldWords(props.context)(path);
  const say = useChoiceWords(props.context);
  const item = resolved(root, node.items ?? {});
  const value = (props.value ?? []) as readonly unknown[];
  const key = path.join(".");
  form.register(key, label);
  if (item.enum) {
    const options = item.enum.map((one) => ({ value: one, title: say(path, one) }));
    return <Choices {...props} options={options} label={label} help={help} />;
  }
  if (item.type === "integer" || item.type === "string") {
    const id = `sf-${key}`;
    return (
      <Field id={id} label={label} error={form.errorOf(key)} help={help}>
        <ListInput
          id={id}
          isNumbers={item.type === "integer"}
          value={value as readonly (string | number)[]}
          isInvalid={form.errorOf(key) !== null}
          onChange={(next) => put(props, path, next)}
        />
      </Field>
    );
  }
  const isFull = value.length >= (node.maxItems ?? Number.POSITIVE_INFINITY);
  const error = form.problem?.errors.find((one) => one.path === key)?.message;
  const rowOf = (one: unknown, at: number): JSX.Element => {
    // A row has no name of its own: it is the one at its place.
    const place = [...path, at];
    return (
      <div key={place.join(".")} class="sf-item">
        <div class="sf-item-in">
          <Part {...props} node={item} path={place} value={one} />
        </div>
        <Button
          kind="link"
          size="sm"
          label={words.removeFrom(label, at + 1)}
          onClick={() => put(props, path, value.toSpliced(at, 1))}
        >
          {words.remove}
        </Button>
      </div>
    );
  };
  return (
    <Nest label={label} help={help}>
      {value.map((one, at) => rowOf(one, at))}
      {error !== undefined && <p class="help error">{error}</p>}
      <Button
        size="sm"
        icon="plus"
        disabled={isFull}
        onClick={() => put(props, path, [...value, initialOf(root, item)])}
      >
        {words.add(label)}
      </Button>
    </Nest>
  );
}

function Choices({
  options,
  label,
  help,
  ...props
}: PartProps & {
  options: readonly { value: string; title: string }[];
  label: string;
  help: string | undefined;
}): JSX.Element {
  const { path, form } = props;
  const chosen = (props.value ?? []) as readonly string[];
  const error = form.errorOf(path.join("."));
  return (
    <Nest label={label} help={help}>
      <div class="choices">
        {options.map(({ value, title }) => (
          <label key={value}>
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              aria-invalid={error !== null}
              onChange={(event) =>
                put(
                  props,
                  path,
                  options
                    .map((one) => one.value)
                    .filter((one) =>
                      one === value ? event.currentTarget.checked : chosen.includes(one),
                    ),
                )
              }
            />
            <span>{title}</span>
          </label>
        ))}
      </div>
      {error !== null && <p class="help error">{error}</p>}
    </Nest>
  );
}
