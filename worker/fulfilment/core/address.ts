/** An address as people write it, and whether a courier could deliver to it. */
import { regionOf, regionText, type Region } from "./regions.ts";

export interface Address {
  readonly name: string;
  /** Digits only. */
  readonly phone: string;
  /** Six digits of a district. */
  readonly regionCode: string;
  /** Street, number, building, door. */
  readonly detail: string;
}

export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

export type ParsedAddress =
  | { readonly kind: "address"; readonly address: Address; readonly region: Region }
  | { readonly kind: "invalid"; readonly errors: readonly FieldProblem[] };

const MOBILE = /^1[3-9]\d{9}$/;
const LANDLINE = /^0\d{9,11}$/;
// Control signs, and signs that no address has and labels cannot print.
const STRANGE = /[\p{Cc}\p{Co}\p{Cs}<>]/u;

/** People type blanks, hyphens and the country's code into a phone number; a courier dials digits. */
export function phoneOf(text: string): string | null {
  const digits = text.replaceAll(/[\s()-]/g, "").replace(/^(?:\+|00)86/, "");
  return MOBILE.test(digits) || LANDLINE.test(digits) ? digits : null;
}

const squeeze = (text: string): string => text.trim().replaceAll(/\s+/g, " ");

export function parseAddress(input: Address): ParsedAddress {
  const errors: FieldProblem[] = [];
  const name = squeeze(input.name);
  if (name.length < 1 || name.length > 25 || STRANGE.test(name)) {
    errors.push({ path: "name", message: "a name has 1 to 25 signs" });
  }
  const phone = phoneOf(input.phone);
  if (phone === null) {
    errors.push({
      path: "phone",
      message: "a mobile number of 11 digits, or a landline with area code",
    });
  }
  const region = regionOf(input.regionCode);
  if (!region) errors.push({ path: "regionCode", message: "no district has this code" });
  const detail = squeeze(input.detail);
  if (detail.length < 4 || detail.length > 100 || STRANGE.test(detail)) {
    errors.push({ path: "detail", message: "street and number have 4 to 100 signs" });
  }
  if (errors.length > 0 || phone === null || !region) return { kind: "invalid", errors };
  return { kind: "address", region, address: { name, phone, regionCode: region.code, detail } };
}

/** On one line, as a label has it. */
export function addressLine({ regionCode, detail }: Address): string {
  const region = regionOf(regionCode);
  return `${region ? regionText(region) : ""}${detail}`;
}
