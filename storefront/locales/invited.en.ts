import { count } from "../ui/format.ts";
import type { InvitedText } from "./invited.zh-CN.ts";

export const invitedEn: InvitedText = {
  title: (name, mall) => `${name === "" ? "A friend" : name} invites you to ${mall}`,
  mine: (points) => `${count(points)} points for you`,
  theirs: (points) => `${count(points)} points for your friend`,
  comma: ", ",
  acts: {
    order: "Paid after your first purchase",
    redemption: "Paid after your first redemption",
    write_off: "Paid after your first visit to a store",
    registration: "Paid once you are a member",
  },
  actOther: "Paid once you have done what the rules say",
  amount: (text) => `which must come to ${text} or more`,
  days: (days) =>
    `For new members, within ${days === 1 ? "1 day" : `${count(days)} days`} of accepting`,
  next: "Sign in and tap “Accept” to begin.",
};
