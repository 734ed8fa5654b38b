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
} from "./model.ts";
export { checkInSchema, parseCheckInTerms } from "./schema.ts";
