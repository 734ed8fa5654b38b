/** Adjustments by hand: their door. Pure. */
export {
  decide,
  parseAdjustment,
  propose,
  type Adjustment,
  type ApprovalTerms,
  type Proposal,
  type ProposalOutcome,
} from "./model.ts";
