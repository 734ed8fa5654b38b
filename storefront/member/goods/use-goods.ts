import { useEffect, useMemo, useState } from "preact/hooks";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { createApi } from "../../client/api.ts";
import { newOrderId, orderStore } from "../../client/order-id.ts";
import { onComeBack } from "../../client/visibility.ts";
import { useLatest } from "../../ui/use-latest.ts";
import { createGoodsApi } from "./goods-api.ts";
import { firstSku, isRepriced, skuWith, withLive, type Sku } from "./goods-model.ts";
import { isOutdated, RedeemFlow, type RedeemState } from "./redeem-flow.ts";

export type GoodsData = Extract<PageData, { page: "goods" }>;

/** With the page's own check a change in the console is seen within five seconds. */
const LOOK_EVERY_MS = 3_500;

export interface GoodsPageState {
  readonly goods: GoodsData["goods"];
  readonly sku: Sku | null;
  readonly choose: (axis: number, value: string) => void;
  /** The price changed under the reader's eyes. */
  readonly isChanged: boolean;
  readonly isOffline: boolean;
  readonly redeem: RedeemState;
  readonly confirm: (quantity: number) => void;
  readonly settle: () => void;
  /** Points the member may use, by what this page knows; null for a guest. */
  readonly active: number | null;
}

/** The goods as they are now, the variant in hand, and the redemption. */
export function useGoods(data: GoodsData): GoodsPageState {
  const [goods, setGoods] = useState(data.goods);
  const [skuId, setSkuId] = useState(firstSku(data.goods.skus)?.skuId ?? null);
  const [isChanged, setChanged] = useState(false);
  const [isOffline, setOffline] = useState(false);
  const [redeem, setRedeem] = useState<RedeemState>({ kind: "idle" });
  const [spent, setSpent] = useState(0);
  const api = useMemo(() => createGoodsApi(data.locale), [data.locale]);
  const skuOf = (all: readonly Sku[]): Sku | null =>
    all.find((one) => one.skuId === skuId) ?? firstSku(all);
  const sku = skuOf(goods.skus);
  const nowRef = useLatest({ goods, sku });

  const take = (next: GoodsData["goods"]): void => {
    const after = next.skus.find((one) => one.skuId === nowRef.current.sku?.skuId) ?? null;
    if (isRepriced(nowRef.current.sku, after)) setChanged(true);
    setGoods(next);
  };
  const refresh = async (): Promise<void> => {
    const answer = await api.detail(data.goods.goodsId);
    if (answer.ok) take(answer.value);
  };
  const look = async (): Promise<void> => {
    const answer = await api.live(data.goods.goodsId);
    setOffline(!answer.ok && answer.status === 0);
    if (!answer.ok) {
      // Taken off the mall: what was shown is no offer any more.
      if (answer.status === 404) location.reload();
      return;
    }
    if (answer.value.revision !== nowRef.current.goods.revision) return refresh();
    take(withLive(nowRef.current.goods, answer.value));
  };
  const refreshRef = useLatest(refresh);
  useLooking(!data.isPreview, look, () => setOffline(true));

  const memberId = data.me?.memberId ?? null;
  const flow = useRedeemFlow(data, memberId, setRedeem);
  useEffect(() => {
    const isOver = redeem.kind === "refused" && isOutdated(redeem.problem);
    if (redeem.kind === "granted") setSpent((old) => old + redeem.points);
    if (redeem.kind === "granted" || isOver) void refreshRef.current();
  }, [redeem, refreshRef]);
  return {
    ...{ goods, sku, isChanged, isOffline, redeem },
    active: data.me === null ? null : data.me.points.active - spent,
    choose: (axis, value) => {
      const next = skuWith(goods.skus, sku, axis, value);
      if (next) setSkuId(next.skuId);
      setChanged(false);
    },
    confirm: (quantity) => {
      if (sku?.saleId == null || flow === null) return;
      setChanged(false);
      const { saleId, epoch, memberPoints } = sku;
      void flow.redeem({ saleId, epoch, quantity, pointsMax: memberPoints * quantity });
    },
    settle: () => setRedeem({ kind: "idle" }),
  };
}

/** Looks again and again while the page is seen, and at once when somebody comes back to it. */
function useLooking(isOn: boolean, look: () => Promise<void>, away: () => void): void {
  const lookRef = useLatest(look);
  const awayRef = useLatest(away);
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void lookRef.current();
    }, LOOK_EVERY_MS);
    const stop = onComeBack(
      () => void lookRef.current(),
      () => awayRef.current(),
    );
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [isOn, lookRef, awayRef]);
}

function useRedeemFlow(
  data: GoodsData,
  memberId: string | null,
  show: (state: RedeemState) => void,
): RedeemFlow | null {
  const { locale } = data;
  const saleIdsRef = useLatest(data.goods.skus.flatMap(({ saleId }) => saleId ?? []));
  const flow = useMemo(
    () =>
      memberId === null
        ? null
        : new RedeemFlow({
            api: createApi({ locale }),
            storeOf: (saleId) => orderStore(saleId, memberId),
            newOrderId: () => newOrderId(),
            sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
            show,
          }),
    [memberId, locale, show],
  );
  useEffect(() => {
    const resume = async (): Promise<void> => {
      for (const saleId of saleIdsRef.current) if (await flow?.resume(saleId)) return;
    };
    void resume();
    return () => flow?.stop();
  }, [flow, saleIdsRef]);
  return flow;
}
