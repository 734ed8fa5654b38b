import type { MeView, OrderView, PointsView } from "../accounts/wire.ts";
import type { SaleView } from "../redemption/wire.ts";

export type Locale = "zh-CN" | "en";

/** One tile of the home page: an item of the catalogue that anybody may redeem at any hour. */
export interface GoodsTile {
  skuId: string;
  saleId: string;
  title: string;
  subtitle: string;
  picture: string;
  groundColor: string;
  pricePoints: number;
  marketPriceFen: number | null;
  remaining: number;
  band: "100-500" | "500-2000" | "2000+";
}

/** What every page knows before the first byte of script runs. */
export interface PageBase {
  locale: Locale;
  serverTimeMs: number;
  programme: { programmeId: string; name: string; theme: "cinnabar" | "tea" | "bank" | "market" };
  me: MeView | null;
  /** Whether the development login may be offered. */
  devLogin: boolean;
}

export type PageData = PageBase &
  (
    | { page: "home"; sales: SaleView[]; goods: GoodsTile[] }
    | {
        page: "sale";
        sale: SaleView;
        /** The member's newest order in this sale, whatever its state, else null. */
        order: OrderView | null;
        /** Units the member already holds or has, against `sale.limitPerMember`. */
        limitUsed: number;
        nextSale: SaleView | null;
      }
    | { page: "orders"; orders: OrderView[] }
    | { page: "order"; order: OrderView }
    | { page: "points"; points: PointsView }
    | { page: "login"; returnTo: string; suggestedMemberId: string }
    | { page: "problem"; status: number; code: string; requestId: string }
  );

/** What a rendered page gives the Worker to put into the shell. */
export interface RenderedPage {
  title: string;
  description: string;
  /** Absolute path of the picture for a share card, or null. */
  sharePicture: string | null;
  html: string;
}
