/** Every bound of the system, named once. A loop, queue, text or batch without one is a fault. */
export const LIMITS = {
  /** Largest request body, bytes. */
  bodyBytesMax: 16_384,
  /** How much of a refused body is read all the same, so that its sender gets the answer, bytes. */
  drainedBytesMax: 16_777_216,
  /** Largest body of a document that people write, such as goods or a page, bytes. */
  documentBytesMax: 131_072,
  /** Largest picture, bytes and pixels of a side. */
  pictureBytesMax: 2_097_152,
  pictureSideMax: 4_096,
  /** Variants of one goods. */
  goodsSkusMax: 100,
  /** Categories of one programme. */
  categoriesMax: 300,
  /** Largest text of an import, bytes. */
  importBytesMax: 524_288,
  /** Largest `units` a sale or restock may carry. */
  unitsMax: 10_000_000,
  /** Largest quantity a single order may ever have. */
  quantityMax: 1_000,
  /** Largest points figure of one price, grant or balance change. */
  pointsMax: 1_000_000_000,
  /** Stored value that a member may ever bring in, fen. */
  storedFenMax: 10_000_000_000,
  /** Largest cash leg, fen. */
  amountFenMax: 100_000_000,
  epochMax: 1_000_000_000,
  /** Furthest moment anything may be scheduled for: the year 2100. */
  timeMsMax: 4_102_444_800_000,
  /** Takes a Sku decides in one commit. */
  takesPerBatchMax: 512,
  /** Rows one outbox delivery carries. */
  outboxBatchMax: 500,
  /** UTF-16 units of one D1 statement's JSON argument: at three bytes each still below the 2 MB that D1 takes. */
  projectionLengthMax: 500_000,
  /** Members one staff command may grant points to. */
  bulkGrantsMax: 1_000,
  /** Work items of one alarm run. */
  alarmWorkMax: 2_000,
  /** Orders that time acts on in one alarm run. */
  dueOrdersMax: 20_000,
  /** Lapsed lots written off when their member is touched; the sweep does the rest. */
  expiredPerTouchMax: 64,
  /** Rows of one page of a list. */
  pageRowsMax: 100,
  /** Rows of one page of the deep audit. */
  auditRowsMax: 500,
  /** Looks of one person at personal data in full within an hour. */
  revealsPerHourMax: 60,
  /** Length of a title, reason or other text for people. */
  textMax: 120,
  /** Length of a member id, SKU id or idempotency key. */
  idMax: 64,
  /** Sales, members and tokens one isolate or object keeps in memory. */
  cachedSalesMax: 1_024,
  cachedMembersMax: 4_096,
  cachedTokensMax: 16_384,
  /** Jobs waiting for one object's next commit; beyond it the object says `overloaded`. */
  queueJobsMax: 20_000,
  /** Doors of one sale. */
  doorsMax: 64,
  /** Goods of one session. */
  sessionItemsMax: 20,
  /** Sockets of one door. */
  doorSocketsMax: 30_000,
  /** Objects that share the open pages of a programme; each has as many sockets as a door at the most. */
  openPagesParts: 4,
  /** Text of one door frame, bytes. */
  doorFrameBytesMax: 2_048,
} as const;
