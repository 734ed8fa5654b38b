/** Adjustments by hand: their door. Pure. */
export { readCsv, type CsvLine } from "./csv.ts";
export {
  IMPORT_COLUMNS,
  IMPORT_LINES_MAX,
  partOf,
  planImport,
  type BadLine,
  type ImportPlan,
  type ImportRow,
} from "./import.ts";
export {
  adjustmentSchema,
  needsSecond,
  parseAdjustment,
  type Adjustment,
  type ApprovalTerms,
} from "./model.ts";
