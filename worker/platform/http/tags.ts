/**
 * What the routes are grouped by in the OpenAPI document, in the order of its reading: a member's way from the sale to the
 * order first, then the desk, then what is set up once. A route names one of these; another word does not compile.
 */
export const TAGS = {
  Sales: "Flash sales and their sessions, as members see them.",
  Redemption:
    "The flash redemption: a ticket before the hour and the door at the hour, or all in one call.",
  Goods: "The catalogue that members see, with prices and units as they are now.",
  Orders: "A member's own orders, from the account that holds their points.",
  Payments: "Paying the money of an order: by a provider, with points, or with stored value.",
  Delivery: "Addresses, parcels, vouchers, card codes, booked visits and ratings.",
  "After-sales": "Refunds, returns and exchanges: what members ask for, and how the desk decides.",
  Points: "A member's points: balance, ledger, receipts, and the ways to earn more.",
  "Stored value": "Money that members left with the merchant.",
  "Sign-in": "How members come in, and what they agree to.",
  Members: "The session of a member.",
  Catalogue: "Goods, variants, categories, pictures and stock, as staff keep them.",
  Sessions: "Drafts, checks and the calendar of flash sales.",
  "Sale commands":
    "One flash sale: draft, schedule, pause, wave, more units, a later or an early end.",
  Monitor: "A sale while it runs, and its report.",
  Rehearsals: "Synthetic buyers against a copy of a sale.",
  "Order desk": "Orders of all members, their export, and ratings that wait to be read.",
  Shipping: "Parcels, freight, suppliers and tracking.",
  "Write-off": "Vouchers that are used at a store, and booked visits.",
  Codes: "Card codes in the vault.",
  "Top-ups": "Direct top-ups through a supplier.",
  Finance: "Money, bills, differences, and how the merchant is paid.",
  Register: "Members as staff find them: profile, block, merge.",
  Segments: "Groups of members by rules and labels, and gifts of points to them.",
  "Members' points": "Grants, imports, adjustments and the ledger of any member.",
  "Earning rules": "Rules, terms, tasks, till codes, invites, and the events that earn.",
  Offsets: "Points for part of a bill at a till of the merchant's own.",
  Pages:
    "The page builder: drafts, versions, publication, theme; and the line that open pages listen on.",
  Figures: "The dashboard and the figures of goods.",
  "Brands and stores": "Brands, stores, and what stores may set.",
  People: "Colleagues, invites and roles.",
  "Own account": "Whoever of staff is signed in: sessions, password, second step.",
  "Staff sign-in": "How staff come in, and how the first owner is made.",
  Approvals: "What waits for a second person, and the thresholds.",
  "Audit log": "Every act of staff, in a log that only grows.",
  Operation: "Health, this document, the audit of units and points, and keys.",
} as const satisfies Readonly<Record<string, string>>;

export type Tag = keyof typeof TAGS;
