/** Where a parcel is, in the words of this product, and how a list of tracking numbers is read. */
import { readCsv } from "../../earning/manual/index.ts";
import { carrierOf, trackingNoOf } from "./carriers.ts";

export type ParcelState =
  | "sent"
  | "picked_up"
  | "in_transit"
  | "out_for_delivery"
  | "signed"
  | "in_trouble"
  | "returned";

export interface TrackPoint {
  readonly atMs: number;
  readonly text: string;
}

export interface Track {
  readonly state: ParcelState;
  /** Newest first. */
  readonly points: readonly TrackPoint[];
}

/** News never take a parcel back from the door: what was signed stays so, however late an older word comes. */
export function newerState(known: ParcelState, told: ParcelState): ParcelState {
  return known === "signed" || known === "returned" ? known : told;
}

export interface TrackingLine {
  readonly line: number;
  readonly orderId: string;
  readonly carrier: string;
  readonly trackingNo: string;
  /** Units in this parcel; null: all that are left. */
  readonly quantity: number | null;
}

export interface BadLine {
  readonly line: number;
  readonly reason: string;
}

export interface TrackingList {
  readonly lines: readonly TrackingLine[];
  readonly bad: readonly BadLine[];
}

const NAMES: Readonly<Record<string, "orderId" | "carrier" | "trackingNo" | "quantity">> = {
  ...{ orderid: "orderId", 单号: "orderId", 订单号: "orderId" },
  ...{ carrier: "carrier", 快递公司: "carrier", 承运商: "carrier" },
  ...{ trackingno: "trackingNo", 快递单号: "trackingNo", 运单号: "trackingNo" },
  ...{ quantity: "quantity", 数量: "quantity" },
};
export const TRACKING_LINES_MAX = 1_000;

/** Header in Chinese or English, columns in any order; every line that cannot be read is named with its reason. */
export function readTrackingList(text: string): TrackingList {
  const csv = readCsv(text);
  if (csv.kind === "unclosed") {
    return { lines: [], bad: [{ line: csv.line, reason: "quote_not_closed" }] };
  }
  const [header, ...rows] = csv.lines;
  const columns = (header?.cells ?? []).map(
    (name) => NAMES[name.trim().toLowerCase().replaceAll(/[\s_]/g, "")] ?? null,
  );
  for (const needed of ["orderId", "carrier", "trackingNo"] as const) {
    if (!columns.includes(needed)) {
      return { lines: [], bad: [{ line: 1, reason: `column_missing:${needed}` }] };
    }
  }
  const lines: TrackingLine[] = [];
  const bad: BadLine[] = [];
  const seen = new Set<string>();
  for (const { line, cells: fields } of rows.slice(0, TRACKING_LINES_MAX)) {
    const read = readLine(line, fields, columns);
    if ("reason" in read) bad.push(read);
    else if (seen.has(`${read.orderId} ${read.trackingNo}`)) {
      bad.push({ line, reason: "repeated_in_file" });
    } else {
      seen.add(`${read.orderId} ${read.trackingNo}`);
      lines.push(read);
    }
  }
  for (const { line } of rows.slice(TRACKING_LINES_MAX))
    bad.push({ line, reason: "too_many_lines" });
  return { lines, bad };
}

/** `max` lines of a list, bad ones among them, from the line `fromLine` on; `nextLine`: where to go on, null at the end. */
export function partOf(
  { lines, bad }: TrackingList,
  fromLine: number,
  max: number,
): TrackingList & { readonly nextLine: number | null } {
  const left = [...lines, ...bad].map(({ line }) => line).filter((line) => line >= fromLine);
  const nextLine = left.toSorted((a, b) => a - b)[max] ?? null;
  const isIn = ({ line }: { readonly line: number }): boolean =>
    line >= fromLine && (nextLine === null || line < nextLine);
  return { lines: lines.filter(isIn), bad: bad.filter(isIn), nextLine };
}

function readLine(
  line: number,
  fields: readonly string[],
  columns: readonly (string | null)[],
): TrackingLine | BadLine {
  const field = (name: string): string => (fields[columns.indexOf(name)] ?? "").trim();
  // Our own files make an order id that begins like a formula a text, by an apostrophe.
  const orderId = field("orderId").replace(/^'/, "");
  if (orderId === "") return { line, reason: "order_missing" };
  // A supplier sends the file back as it is, with the parcels of today filled in.
  if (field("carrier") === "" && field("trackingNo") === "")
    return { line, reason: "not_sent_yet" };
  const carrier = carrierOf(field("carrier"));
  if (!carrier) return { line, reason: "carrier_unknown" };
  const trackingNo = trackingNoOf(field("trackingNo"));
  if (trackingNo === null) return { line, reason: "tracking_no_wrong" };
  const quantity = field("quantity");
  if (quantity !== "" && !/^[1-9]\d{0,3}$/.test(quantity))
    return { line, reason: "quantity_wrong" };
  return {
    ...{ line, orderId, carrier: carrier.code, trackingNo },
    quantity: quantity === "" ? null : Number(quantity),
  };
}
