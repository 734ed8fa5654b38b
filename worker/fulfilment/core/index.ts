/** The door of what fulfilment decides: no I/O behind it. */
export * from "./address.ts";
export * from "./booking.ts";
export * from "./carriers.ts";
export * from "./freight.ts";
export * from "./law.ts";
export * from "./parcels.ts";
export * from "./regions.ts";
export * from "./supplier-file.ts";
export * from "./top-up.ts";
export * from "./tracking.ts";
export * from "./voucher.ts";
export * from "./write-off-code.ts";
