import type { BirthdayText } from "./birthday.zh-CN.ts";

const MONTHS = [
  ...["January", "February", "March", "April", "May", "June", "July", "August", "September"],
  ...["October", "November", "December"],
];
const day = (month: number, at: number): string => `${MONTHS[month - 1] ?? ""} ${at}`;

export const birthdayEn: BirthdayText = {
  title: "Birthday gift",
  gives: (points) =>
    points > 0
      ? `Tell us your birthday: ${points.toLocaleString("en")} points on the day.`
      : "Tell us your birthday: there are extra points around it.",
  once: "Month and day only. Once saved you cannot change it yourself; ask the service desk about a slip. Told on the day itself, it counts from next year.",
  month: "Month",
  day: "Day",
  months: (month) => MONTHS[month - 1] ?? "",
  days: (at) => String(at),
  save: "Save birthday",
  saving: "Saving",
  saved: (month, at) => `Birthday saved: ${day(month, at)}`,
  known: (month, at, points) =>
    points > 0
      ? `Your birthday is ${day(month, at)}: ${points.toLocaleString("en")} points on the day.`
      : `Your birthday is ${day(month, at)}: there are extra points around it.`,
  incomplete: "Choose a month and a day.",
  told: "Your birthday was told before; the service desk can change it.",
};
