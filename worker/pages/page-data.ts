import type { StoredValueView, TenderQuoteView } from "../spending/wire.ts";
import type { MemberPriceView, MeView, OrdersView, OrderView } from "../accounts/wire.ts";
import type {
  CategoryView,
  GoodsCardView,
  GoodsDetailView,
  GoodsListView,
  SuggestionsView,
} from "../catalog/wire.ts";
import type {
  AddressesView,
  BookingOfferView,
  DeliveryView,
  ShownCodesView,
  VoucherView,
} from "../fulfilment/wire.ts";
import type { PayWays } from "../payments/wire.ts";
import type { SaleView } from "../redemption/wire.ts";
import type { CalendarSession } from "../sales/wire.ts";
import type {
  BlockView,
  PageBody,
  CheckInView,
  EntriesView,
  EntryView,
  EvidenceView,
  IdentitiesView,
  InviteOffer,
  InvitesView,
  Paragraph,
  ReceiptView,
  RemindersView,
  TasksView,
  TierCardView,
  WalletView,
} from "./wire.ts";

export type Locale = "zh-CN" | "en";

/** Which entries of the ledger are asked for. */
export interface LedgerFilter {
  direction: "in" | "out" | null;
  type: string | null;
  /** Not older than so many days. */
  days: number | null;
}

/** What the catalogue page was asked for in its address. */
export interface GoodsFilter {
  category: string | null;
  brand: string | null;
  q: string;
  kind: GoodsCardView["kind"] | null;
  /** Only what the member's points reach. */
  affordable: boolean;
  /** Only what so many points pay: points that lapse soon, by the links that name them. */
  within: number | null;
  sort: "recommended" | "newest" | "points_up" | "points_down";
}

/** One tile of the home page: goods that anybody may redeem at any hour, in whatever they are made. */
export interface GoodsTile {
  /** Null: a SKU that the catalogue knows no goods of. */
  goodsId: string | null;
  /** The SKU whose price and picture it has; the tile is known by it. */
  skuId: string;
  saleId: string;
  title: string;
  subtitle: string;
  picture: string;
  groundColor: string;
  /** Without discounts. */
  listPoints: number;
  /** What it costs whoever looks; the list price for those who are not signed in. */
  pricePoints: number;
  priceFen: number;
  /** Some SKU costs something else. */
  hasPrices: boolean;
  marketPriceFen: number | null;
  /** Units of all SKUs. */
  remaining: number;
  band: "100-500" | "500-2000" | "2000+";
}

/** What every page knows before the first byte of script runs. */
export interface PageBase {
  locale: Locale;
  serverTimeMs: number;
  programme: {
    programmeId: string;
    name: string;
    /** Path of the picture, or null: the first letter of the name. */
    logo: string | null;
    theme: string;
  };
  me: MeView | null;
  /** Whether the development login may be offered. */
  devLogin: boolean;
  /** Staff look at a draft: nothing on the page acts. */
  isPreview: boolean;
  /** Whether pages offer a picture to share: the merchant may take it out of WeChat. */
  sharesPoster: boolean;
}

/** How the rest of an order's cash can be paid. Null: nothing is to pay, or it could not be read. */
export interface OrderPayData {
  ways: PayWays["ways"] | null;
  quote: TenderQuoteView | null;
}

export type HomeSuggestions = Pick<SuggestionsView, "expiring" | "because">;

export type PageData = PageBase &
  (
    | {
        /** The home page, or one of the merchant's own. */
        page: "home";
        pageId: string;
        title: string;
        share: PageBody["share"];
        blocks: BlockView[];
        sales: SaleView[];
        goods: GoodsTile[];
        checkIn: CheckInView | null;
        tier: TierCardView | null;
        /** Null: no block shows any, or nobody is signed in. */
        suggestions: HomeSuggestions | null;
      }
    | {
        page: "sale";
        sale: SaleView;
        /** The member's newest order in this sale, whatever its state, else null. */
        order: OrderView | null;
        /** Units the member already holds or has, against `sale.limitPerMember`. */
        limitUsed: number;
        /** What a unit costs this member; null: the list price, for all it is known. */
        price: MemberPriceView | null;
        nextSale: SaleView | null;
      }
    | {
        /** The catalogue: a category, a search, or all of it. */
        /** Sessions by opening time; `isOne`: a link led to this one. */
        page: "calendar";
        isOne: boolean;
        sessions: CalendarSession[];
      }
    | {
        page: "goodsList";
        filter: GoodsFilter;
        categories: readonly CategoryView[];
        list: GoodsListView;
        /** Where one can shop; empty: there are no stores. */
        stores: readonly { storeId: string; name: string }[];
        /** The store that is shopped in; null: none in particular. */
        storeId: string | null;
        /** Those that share these points; empty: there is but one. */
        brands: readonly { brandId: string; name: string }[];
        /** For a member who looks at all of it; else null. */
        suggestions: SuggestionsView | null;
      }
    | {
        page: "goods";
        goods: GoodsDetailView;
        /** More that this member's points can pay; null for a guest. */
        suggestions: SuggestionsView | null;
      }
    | {
        page: "me";
        /** Those that can be used now, soonest to lapse first. */
        vouchers: Pick<
          VoucherView,
          "voucherId" | "title" | "usesLeft" | "expiresAtMs" | "bookedAtMs" | "bookedUntilMs"
        >[];
        tier: TierCardView | null;
        /** What the member gets for each friend; null: the programme has no invites. */
        invites: { points: number } | null;
        remindersOff: boolean;
        /** Null: nobody is signed in. */
        identities: IdentitiesView | null;
      }
    | { page: "addresses"; addresses: AddressesView }
    | {
        page: "voucher";
        shown: ShownCodesView;
        /** When the member can come; null: it could not be read. */
        booking: BookingOfferView | null;
      }
    | { page: "notices"; reminders: RemindersView }
    | {
        page: "help";
        rules: readonly Paragraph[];
        privacy: readonly Paragraph[];
        contact: { phone: string; hours: string };
      }
    | {
        page: "orders";
        /** The first page. */
        list: OrdersView;
        /** What the address says of it; a word that is no tab is all of them. */
        tab: string;
      }
    | {
        page: "order";
        order: OrderView;
        /** Null: nothing to deliver (yet), or it could not be read. */
        delivery: DeliveryView | null;
        pay: OrderPayData;
      }
    | {
        page: "points";
        points: WalletView;
        /** The ledger as the address filters it. */
        ledger: { filter: LedgerFilter; entries: EntriesView };
        // What this programme does not have is null, and has no entry on the page.
        checkIn: CheckInView | null;
        tasks: TasksView | null;
        invites: InvitesView | null;
        tier: TierCardView | null;
        reminders: RemindersView | null;
        suggestions: SuggestionsView | null;
        /** Fen; null: this programme has no stored value, and this member none left. */
        storedFen: number | null;
      }
    | {
        page: "entry";
        entry: EntryView;
        receipt: ReceiptView | null;
        /** Where it happened; null: in no store, or in one that is not there any more. */
        store: { name: string; brandName: string } | null;
      }
    | { page: "verify"; evidence: EvidenceView }
    | { page: "checkIn"; checkIn: CheckInView }
    | { page: "tasks"; tasks: TasksView }
    | {
        page: "invites";
        invites: InvitesView;
        /** The friend whose link led here; null: the member came by themself. */
        friend: { code: string; offer: InviteOffer } | null;
      }
    /** `code` as the address brings it, so that a scanned receipt needs no typing. */
    | { page: "code"; code: string }
    | { page: "tier"; tier: TierCardView }
    | {
        page: "storedValue";
        stored: StoredValueView;
        /** A top-up that the member comes back from the cashier of; null: none. */
        topUpId: string | null;
      }
    | {
        page: "login";
        returnTo: string;
        suggestedMemberId: string;
        /** What the link of a friend promises, where one leads here. */
        offer: InviteOffer | null;
        /** Ways in that this mall offers here and now. */
        ways: { wechat: boolean; phone: boolean };
        /** Somebody has proved who they are, and is asked whether the mall may keep it. */
        asksConsent: boolean;
        notice: { version: string; paragraphs: readonly Paragraph[] };
        /** Why an attempt ended here: a word of the sign-in, or empty. */
        failed: string;
      }
    | { page: "problem"; status: number; code: string; requestId: string }
  );

/** What a rendered page gives the Worker to put into the shell. */
export interface RenderedPage {
  title: string;
  description: string;
  /** Absolute path of the picture for a share card, or null. */
  sharePicture: string | null;
  html: string;
  /** Styles of this page beside those that every page has. */
  css: string;
}
