/** The invites' door. Pure. */
export {
  bindInvite,
  completeInvite,
  inviteCapPeriod,
  reviewInvite,
  TRAITS,
  undoInvite,
  type BindFacts,
  type Fingerprints,
  type Invite,
  type InviteAwards,
  type InviteOutcome,
  type InviteTerms,
  type Trait,
} from "./model.ts";
export { printsOf, traitsAsked, type Traits } from "./prints.ts";
export { inviteSchema, parseInviteTerms } from "./schema.ts";
