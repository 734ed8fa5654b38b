/** The tasks' door. Pure. */
export { taskDryRun, type PastTaskEvent } from "./dry-run.ts";
export {
  advanceTask,
  claimTask,
  isTaskOpen,
  taskKey,
  taskPeriod,
  undoTask,
  type TaskProgress,
  type TaskTerms,
} from "./model.ts";
export { parseTaskTerms, taskSchema } from "./schema.ts";
