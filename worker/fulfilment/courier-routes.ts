/** News of parcels that the tracking service sends by itself, and how it is asked to. */
import { z } from "@hono/zod-openapi";
import { LIMITS } from "../kernel/limits.ts";
import type { Env } from "../platform/env.ts";
import { json, type Api } from "../platform/http/api.ts";
import { readText } from "../platform/http/read.ts";
import { describeError, log } from "../platform/log.ts";
import { AddressBook } from "./address-book.ts";
import { isPush, Kuaidi100, kuaidi100Of, pushSalt, readPush } from "./logistics.ts";
import { ShippingDesk, type Shipment } from "./shipping-desk.ts";

/** The whole way of a parcel comes with each piece of news. */
const NEWS_BYTES_MAX = 131_072;

export function courierRoutes(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/callbacks/couriers/{programmeId}",
      operationId: "notifyCourier",
      access: "public",
      tag: "Shipping",
      summary:
        "News of a parcel from Kuaidi100, signed; repeated, late or reordered they take no parcel back",
      params: z.object({ programmeId: z.string().max(LIMITS.idMax) }),
      responses: {
        200: {
          description: "Heard, in the words that Kuaidi100 asks for",
          schema: z.object({ result: z.boolean(), returnCode: z.string(), message: z.string() }),
        },
      },
      problems: ["not_found"],
    },
    async ({ env, params, request, nowMs, problem }) => {
      const account = kuaidi100Of(env);
      if (!account) return problem("not_found");
      const { programmeId } = params;
      // The text is signed as it came, so it is read by no schema.
      const form = new URLSearchParams((await readText(request, NEWS_BYTES_MAX)) ?? "");
      const param = form.get("param") ?? "";
      if (!isPush(param, form.get("sign") ?? "", pushSalt(account, programmeId))) {
        log("courier_news_forged", {});
        return problem("forbidden");
      }
      const news = readPush(param);
      const desk = new ShippingDesk(env, programmeId);
      const parcels = news ? await desk.byNumber(news.carrier, news.trackingNo) : [];
      for (const parcel of parcels) if (news) await desk.learn(parcel, news.track, nowMs);
      return json({ result: true, returnCode: "200", message: "ok" });
    },
  );
}

/** Never throws: without news by themselves the sweep asks for them. */
export async function followParcel(
  env: Env,
  programmeId: string,
  shipment: Shipment,
  origin: string,
): Promise<void> {
  const account = kuaidi100Of(env);
  if (!account) return;
  try {
    const book = await AddressBook.open(env, programmeId);
    const recipient = await book.recipient(shipment);
    const phone = recipient?.kind === "address" ? (await book.addressOf(recipient)).phone : "";
    const url = `${origin}/api/v1/callbacks/couriers/${encodeURIComponent(programmeId)}`;
    const callback = { url, salt: pushSalt(account, programmeId) };
    await new Kuaidi100(account).subscribe(shipment, phone.slice(-4), callback);
  } catch (error) {
    log("courier_subscribe_failed", { error: describeError(error) });
  }
}
