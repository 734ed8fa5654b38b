/** The check-in's door. Pure. */
export {
  checkIn,
  checkInView,
  makeUp,
  newCheckIn,
  withCards,
  type CheckInOutcome,
  type CheckInState,
  type CheckInTerms,
  type CheckInView,
  type Milestone,
} from "./model.ts";
export { checkInSchema, parseCheckInTerms } from "./schema.ts";
