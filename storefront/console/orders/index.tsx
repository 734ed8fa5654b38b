import { pages } from "../section.ts";
import { CodesPage } from "./codes-page.tsx";
import { FreightPage } from "./freight-page.tsx";
import { OrdersPage } from "./orders-page.tsx";
import { PickListPage } from "./pick-list-page.tsx";
import { RatingsPage } from "./ratings-page.tsx";
import { SuppliersPage } from "./suppliers-page.tsx";
import "./orders.css";

export default pages(
  { path: "", page: OrdersPage },
  { path: "pick-list", page: PickListPage },
  { path: "codes", page: CodesPage },
  { path: "freight", page: FreightPage },
  { path: "ratings", page: RatingsPage },
  { path: "suppliers", page: SuppliersPage },
);
