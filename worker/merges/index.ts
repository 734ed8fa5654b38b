/** Two records of one person: the door for other domains. */
export { MergeDesk, sweepMerges, type MergeReply } from "./desk.ts";
