/** What the cost tools read: `GET` shows the figures, `DELETE` shows and empties them. No runtime types here. */
export type ObjectClass =
  | "Account"
  | "Sku"
  | "Gate"
  | "CodeVault"
  | "Rehearsal"
  | "Projector"
  | "OpenPages"
  | "WechatTokens";
export type Owner = ObjectClass | "Worker" | "D1";

/** What a figure counts. `call` is a billed request to an object, `alarm` one that fired, `setAlarm` a row written. */
export type Metered =
  | "rowsWritten"
  | "rowsRead"
  | "request"
  | "call"
  | "alarm"
  | "setAlarm"
  | "messageIn"
  | "activeMs";

/** `what` is the table, method, route or frame; empty where there is only one. */
export interface MeterFigure {
  readonly owner: Owner;
  readonly kind: Metered;
  readonly what: string;
  readonly count: number;
}

export const METER_PATH = "/api/v1/dev/meter";
