/**
 * What the parameters of a path or a query mean wherever they stand. A route whose own is narrower describes it in its
 * schema, which goes first.
 */
const MEANINGS: Readonly<Record<string, string>> = {
  addressId: "An entry of the address book; made by the client.",
  approvalId: "A proposal that waits for a second person, or was decided.",
  beforeMs: "Only what is older.",
  beforeSeq: "Only entries with a smaller number; absent: from the newest on.",
  brand: "Only of this brand.",
  brandId: "A brand of the merchant.",
  campaignId: "A gift of points; made by the client.",
  caseId: "A case of after-sales; made by the client.",
  category: "Only of this category and what lies below it.",
  codeId: "A till code.",
  credentialId: "A passkey, as the browser names it.",
  cursor: "`nextCursor` of the page before; absent: the first page.",
  days: "How many of the last days are replayed.",
  dryRun: "`true`: only checks, and writes nothing.",
  eventId: "An event of the merchant's systems, by its id there.",
  file: "A picture, by the name that storing it answered.",
  fromLine: "The first line to write; the answer's `nextLine` while a file goes in by parts.",
  fromMs: "Not before this moment.",
  goodsId: "Goods, by the id they were made with.",
  id: "The rule or task.",
  importId: "Made by the client, one a file: a line is booked once under it.",
  inviteId: "An invitation of a colleague.",
  kind: "Which kind, by its word.",
  labelId: "A label of members.",
  limit: "How many a page holds at most.",
  memberId: "A member of the merchant's, by id.",
  moveId: "A payment or refund of the order.",
  offsetId: "Points for part of one bill; made by the client.",
  orderId: "An order; made by the client that redeemed.",
  paymentId: "A payment, by the number that the provider was given.",
  programmeId: "The merchant.",
  provider: "The payment provider.",
  refundId: "A refund, by the number that the provider was given.",
  rehearsalId: "One run of a rehearsal.",
  roleId: "A role.",
  saleId: "A sale, as sales and sessions name it.",
  segmentId: "A segment of members.",
  seq: "The number of the entry in the member's ledger.",
  sessionId: "A session of flash sales.",
  skuId: "A variant of goods, by its SKU id.",
  sort: "The order of the rows; `-` before a word turns it round.",
  staffId: "A colleague.",
  staffSessionId: "A sign-in to end; `others`: all but this one.",
  storeId: "A store of the merchant.",
  tag: "Only with this tag.",
  taskId: "A task, as the list of tasks names it.",
  templateId: "A freight template.",
  toMs: "Before this moment.",
  topUpId: "A top-up.",
  untilMs: "Before this moment.",
  version: "The version that was seen.",
  voucherId: "A voucher.",
  writeOffId: "One use of a voucher at a store.",
};

interface Parameter {
  readonly name?: string;
  description?: string;
  readonly schema?: { readonly description?: string };
}

type Operations = Record<string, { readonly parameters?: readonly Parameter[] }>;

/** A document whose parameters all say what they mean, as far as it is known here. It is changed in place. */
export function withMeanings<D extends { paths?: object }>(document: D): D {
  const operations = Object.values<Operations>({ ...document.paths }).flatMap(
    Object.values<Operations[string]>,
  );
  for (const parameter of operations.flatMap(({ parameters = [] }) => parameters)) {
    const meaning = MEANINGS[parameter.name ?? ""];
    const isSaid = parameter.description ?? parameter.schema?.description;
    if (meaning !== undefined && !isSaid) parameter.description = meaning;
  }
  return document;
}
