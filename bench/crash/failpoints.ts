/** The named places of the product at which a crash round can let it die; a test holds this list against the code. */

/** What a transaction writes → how often at most it is waited for before the death. Each has three places. */
const WRITES = {
  "account:hold": 4,
  "account:tap": 2,
  "account:refuse": 2,
  "account:post": 4,
  "account:void": 3,
  "account:cancel": 2,
  "account:cancels-sent": 1,
  "account:rows-sent": 2,
  "account:freeze": 1,
  "account:grant": 1,
  "sku:take": 4,
  "sku:forgo": 1,
  "sku:cancel": 2,
  "sku:command": 1,
  "sku:advance": 1,
  "sku:ack": 3,
  "sku:stock-sent": 2,
  "sku:watch": 1,
} as const;

/** `before-commit` and `before-fsync` leave nothing of it on the disk, `after-commit` all of it and no reply. */
export const SIDES = ["before-commit", "before-fsync", "after-commit"] as const;

/** Places outside a transaction. */
const PLACES = {
  "account:ask:before-send": 4,
  "account:ask:after-reply": 4,
  "account:acks:before-send": 2,
  "account:cancels:before-send": 2,
  "account:cancels:after-reply": 2,
  "account:rows:before-send": 2,
  "account:rows:after-reply": 2,
  "account:follow-up:before-ask": 1,
  "account:notice:after-reply": 1,
  "account:wake": 2,
  "account:alarm": 1,
  "sku:settle:before-send": 2,
  "sku:settle:after-reply": 2,
  "sku:broadcast:before-send": 3,
  "sku:stock:before-send": 2,
  "sku:stock:after-reply": 2,
  "sku:wake": 1,
  "sku:alarm": 1,
  "gate:batch:before-send": 4,
  "gate:batch:in-flight": 4,
  "gate:batch:after-reply": 4,
  "gate:losers:before-send": 2,
  "gate:notice:after-reply": 1,
  "projector:before-d1": 3,
  "projector:after-d1-before-ack": 3,
} as const;

/** Places that a sale does not come through, so crash rounds leave them. bench/crash/fulfilment.test.ts dies there. */
export const FULFILMENT_PLACES = [
  "account:take-back:after-goods",
  "fulfilment:codes:issued",
  "fulfilment:ship:after-order",
  "fulfilment:ship:before-order",
  "fulfilment:top-up:counted",
  "fulfilment:write-off:agreed",
  "fulfilment:write-off:reserved",
] as const;

export interface Failpoint {
  readonly place: string;
  /** A death waits for the n-th time the place is reached, n up to this. */
  readonly hitsMax: number;
}

export const WRITTEN = Object.keys(WRITES);

export const FAILPOINTS: readonly Failpoint[] = [
  ...Object.entries(WRITES).flatMap(([name, hitsMax]) =>
    SIDES.map((side) => ({ place: `${name}:${side}`, hitsMax })),
  ),
  ...Object.entries(PLACES).map(([place, hitsMax]) => ({ place, hitsMax })),
];

/** Nothing but a recovery, or a client that asks again after one, comes through these. */
export const isRecovery = (place: string): boolean =>
  /^(?:account:(?:wake|alarm|follow-up|notice|tap)|sku:(?:wake|alarm))\b/.test(place);

/** Those that a restart by itself comes through, so that a recovery can die of them. */
export const RECOVERY_FAILPOINTS: readonly Failpoint[] = FAILPOINTS.filter(
  ({ place }) =>
    isRecovery(place) ||
    /^(?:account:(?:ask|rows|post|void)|sku:(?:settle|stock|ack|take)|projector)\b/.test(place),
);

/** Those that survivors and stragglers come through once the rush is over. */
export const LATER_FAILPOINTS: readonly Failpoint[] = FAILPOINTS.filter(
  ({ place }) => !/:(?:wake|watch|advance|forgo|freeze)\b|^gate/.test(place),
);
