import type { JSX } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import type { AddressView, RegionNode } from "../../../worker/fulfilment/wire.ts";
import type { Locale } from "../../../worker/pages/page-data.ts";
import { createDeliveryApi, type AddressBody } from "../../client/delivery-api.ts";
import { newOrderId } from "../../client/order-id.ts";
import type { DeliveryText } from "../../locales/delivery.zh-CN.ts";

type Words = DeliveryText["addresses"];
type Wrong = Partial<Record<"name" | "phone" | "regionCode" | "detail", true>>;

let regionsRead: readonly RegionNode[] | null = null;

/** The country is read when somebody writes an address, and once. */
function useRegions(locale: Locale): [readonly RegionNode[] | null, boolean, () => void] {
  const [regions, setRegions] = useState(regionsRead);
  const [hasFailed, setFailed] = useState(false);
  const read = useCallback((): void => {
    setFailed(false);
    void createDeliveryApi({ locale })
      .regions()
      .then((answer) => {
        if (answer.ok) {
          regionsRead = answer.value.regions;
          setRegions(regionsRead);
        } else setFailed(true);
      });
  }, [locale]);
  useEffect(() => {
    if (regionsRead === null) read();
  }, [read]);
  return [regions, hasFailed, read];
}

function Choice(props: {
  label: string;
  nodes: readonly RegionNode[];
  value: string;
  onChange: (code: string) => void;
}): JSX.Element {
  const { label, nodes, value, onChange } = props;
  return (
    <select
      class="dl-in"
      aria-label={label}
      value={value}
      disabled={nodes.length === 0}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      <option value="">{label}</option>
      {nodes.map(([code, name]) => (
        <option key={code} value={code} lang="zh-CN">
          {name}
        </option>
      ))}
    </select>
  );
}

function Region(props: {
  locale: Locale;
  words: Words;
  code: string;
  onCode: (code: string) => void;
}): JSX.Element {
  const { locale, words, code, onCode } = props;
  const [regions, hasFailed, again] = useRegions(locale);
  const childrenOf = (nodes: readonly RegionNode[], of: string): readonly RegionNode[] =>
    nodes.find(([known]) => known === of)?.[2] ?? [];
  const [province, setProvince] = useState(code === "" ? "" : `${code.slice(0, 2)}0000`);
  const [city, setCity] = useState(code === "" ? "" : `${code.slice(0, 4)}00`);
  const cities = childrenOf(regions ?? [], province);
  if (hasFailed)
    return (
      <button type="button" class="btn quiet block" onClick={again}>
        {words.regionsFailed} · {words.retry}
      </button>
    );
  return (
    <div class="dl-region">
      <Choice
        label={words.province}
        nodes={regions ?? []}
        value={province}
        onChange={(next) => {
          setProvince(next);
          // A municipality has one city: nobody chooses it.
          const only = childrenOf(regions ?? [], next);
          setCity(only.length === 1 ? (only[0]?.[0] ?? "") : "");
          onCode("");
        }}
      />
      <Choice
        label={words.city}
        nodes={cities}
        value={city}
        onChange={(next) => {
          setCity(next);
          onCode("");
        }}
      />
      <Choice
        label={words.district}
        nodes={childrenOf(cities, city)}
        value={code}
        onChange={onCode}
      />
    </div>
  );
}

const EMPTY: AddressBody = { name: "", phone: "", regionCode: "", detail: "", isDefault: false };

function Line(props: {
  id: string;
  label: string;
  error: string | null;
  children: JSX.Element;
}): JSX.Element {
  const { id, label, error, children } = props;
  return (
    <div class="dl-line">
      <label for={id}>{label}</label>
      {children}
      {error !== null && (
        <p class="note danger" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

/** The same rules as the server's, so that a typing error is told before anything is sent. */
function wrongIn({ name, phone, regionCode, detail }: AddressBody): Wrong {
  const digits = phone.replaceAll(/[\s()-]/g, "").replace(/^(?:\+|00)86/, "");
  const length = (text: string): number => text.trim().length;
  return {
    ...(length(name) < 1 || length(name) > 25 ? { name: true as const } : {}),
    ...(/^(?:1[3-9]\d{9}|0\d{9,11})$/.test(digits) ? {} : { phone: true as const }),
    ...(regionCode === "" ? { regionCode: true as const } : {}),
    ...(length(detail) < 4 || length(detail) > 100 ? { detail: true as const } : {}),
  };
}

export interface AddressFormProps {
  locale: Locale;
  words: Words;
  /** Null: a new one. */
  address: AddressView | null;
  onSaved: (address: AddressView) => void;
}

function DefaultBox(props: {
  words: Words;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}): JSX.Element {
  return (
    <label class="dl-check">
      <input
        type="checkbox"
        checked={props.isOn}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span>{props.words.makeDefault}</span>
    </label>
  );
}

export function AddressForm({ locale, words, address, onSaved }: AddressFormProps): JSX.Element {
  const [body, setBody] = useState<AddressBody>(address ?? EMPTY);
  const [addressId] = useState(() => address?.addressId ?? newOrderId());
  const [wrong, setWrong] = useState<Wrong>({});
  const [state, setState] = useState<"open" | "busy" | "failed" | "full">("open");
  const put = (change: Partial<AddressBody>): void => setBody({ ...body, ...change });
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const found = wrongIn(body);
    setWrong(found);
    const [first] = Object.keys(found);
    if (first !== undefined) return document.getElementById(`dl-${first}`)?.focus();
    setState("busy");
    const { name, phone, regionCode, detail, isDefault } = body;
    const answer = await createDeliveryApi({ locale }).saveAddress(addressId, {
      ...{ name, phone, regionCode, detail, isDefault },
    });
    if (answer.ok) return onSaved(answer.value);
    setState(answer.problem.figures["reason"] === "address_book_full" ? "full" : "failed");
  };
  const errorOf = (name: keyof Wrong): string | null => (wrong[name] ? words.wrong[name] : null);
  const text = (
    name: "name" | "phone" | "detail",
    more: JSX.IntrinsicElements["input"],
  ): JSX.Element => (
    <Line id={`dl-${name}`} label={words[name]} error={errorOf(name)}>
      <input
        class="dl-in"
        id={`dl-${name}`}
        value={body[name]}
        aria-invalid={wrong[name] ?? false}
        {...(wrong[name] ? { "aria-describedby": `dl-${name}-error` } : {})}
        {...more}
        onInput={(event) => put({ [name]: event.currentTarget.value })}
      />
    </Line>
  );
  return (
    <form class="dl-form" noValidate onSubmit={(event) => void save(event)}>
      {text("name", { autocomplete: "name", maxLength: 25 })}
      {text("phone", { autocomplete: "tel", inputMode: "tel", maxLength: 20 })}
      <Line id="dl-regionCode" label={words.region} error={errorOf("regionCode")}>
        <Region
          locale={locale}
          words={words}
          code={body.regionCode}
          onCode={(regionCode) => put({ regionCode })}
        />
      </Line>
      {text("detail", {
        autocomplete: "street-address",
        maxLength: 100,
        placeholder: words.detailHint,
      })}
      <DefaultBox
        words={words}
        isOn={body.isDefault}
        onChange={(isDefault) => put({ isDefault })}
      />
      <p class="note danger" role="alert">
        {state === "failed" ? words.failed : state === "full" ? words.full(20) : ""}
      </p>
      <button type="submit" class="btn primary block" aria-disabled={state === "busy"}>
        {state === "busy" ? words.saving : words.save}
      </button>
    </form>
  );
}
