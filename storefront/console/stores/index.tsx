import { pages } from "../section.ts";
import { BookingPage } from "./booking-page.tsx";
import { StoresPage } from "./stores-page.tsx";

export default pages(
  { path: "", page: StoresPage },
  { path: ":storeId/booking", page: BookingPage },
);
