/** Adjustments by hand: their door. Pure. */
export { readCsv, type Csv, type CsvLine } from "./csv.ts";
export {
  IMPORT_COLUMNS,
  IMPORT_LINES_MAX,
  planImport,
  type BadLine,
  type ImportPlan,
  type ImportRow,
} from "./import.ts";
export {
  decide,
  parseAdjustment,
  propose,
  type Adjustment,
  type ApprovalTerms,
  type Proposal,
  type ProposalOutcome,
  type ProposalState,
} from "./model.ts";
