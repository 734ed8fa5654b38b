import { boot } from "../boot.ts";
import type { SaleData } from "./sale-model.ts";
import { startSale } from "./start-sale.tsx";

/** The sale page has an entry of its own: its button waits for nothing that other pages need. */
void boot(async (data, words) => startSale(data as SaleData, await words));
