/** The staff domain's door for other domains. */
export { appendAudit } from "./audit-store.ts";
export {
  approvalSchema,
  approvalTitles,
  hasColleague,
  openApprovalId,
  registerApproval,
  secondPerson,
  waitingApprovals,
  type ActOutcome,
  type ApprovedAct,
  type SecondPersonCall,
} from "./approvals.ts";
export { SEALED_APPROVALS } from "./approvals-store.ts";
export { sweepApprovals } from "./approval-routes.ts";
export { sweepSignIns } from "./throttle-store.ts";
export { staffSession } from "./identity.ts";
export { mayReveal } from "./reveal-quota.ts";
export { fieldsInStore, refusedInStore } from "./override.ts";
export { staffRoutes } from "./routes.ts";
export { Team } from "./team-store.ts";
export { readTenant } from "./tenant-store.ts";
