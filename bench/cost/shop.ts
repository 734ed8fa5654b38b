/** The built product with its meter on, for the phases to call. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { METER_PATH, type MeterFigure } from "../../worker/platform/meter-figures.ts";
import { startServer } from "../../worker/local/server.ts";
import { inParallel, ProductApi, sleep, type Member, type SaleView } from "../load/api.ts";
import { freePort } from "../load/product.ts";

/** Longer than the two seconds after which an object looks again at what it may have lost. */
const STILL_MS = 3_000;
const LOOK_EVERY_MS = 200;
const PATIENCE_MS = 60_000;
const SETUP_WIDTH = 32;
const POINTS = 1_000_000;
const HOUR_MS = 3_600_000;

export class MeteredShop {
  readonly api: ProductApi;
  readonly origin: string;
  readonly #end: () => Promise<void>;
  #sales = 0;

  private constructor(origin: string, end: () => Promise<void>) {
    this.origin = origin;
    this.api = new ProductApi(origin);
    this.#end = end;
  }

  static async open(vars: Readonly<Record<string, string>> = {}): Promise<MeteredShop> {
    const dataDir = mkdtempSync(join(tmpdir(), "qiangdui-cost-"));
    const port = await freePort();
    const server = await startServer({ port, dataDir, vars: { ...vars, METER: "on" } });
    return new MeteredShop(server.origin, async () => {
      await server.close();
      rmSync(dataDir, { recursive: true, force: true });
    });
  }

  async close(): Promise<void> {
    this.api.close();
    await this.#end();
  }

  async enrol(count: number): Promise<Member[]> {
    const ids = Array.from({ length: count }, (_, at) => `cost-${at}`);
    const members = await inParallel(ids, SETUP_WIDTH, (id) => this.api.login(id));
    await inParallel(members, SETUP_WIDTH, ({ memberId }) =>
      this.api.grant(memberId, POINTS, "cost"),
    );
    return members;
  }

  /** A scheduled sale of a SKU of its own. */
  async sale(units: number, opensInMs = 0): Promise<SaleView> {
    this.#sales += 1;
    const skuId = `cost-${this.#sales}`;
    await this.api.createSku(skuId, skuId);
    const opensAtMs = Date.now() + opensInMs;
    const terms = { skuId, title: skuId, pricePoints: 100, units, limitPerMember: 1 };
    const window = { opensAtMs, closesAtMs: opensAtMs + HOUR_MS };
    return this.api.createSale({ ...terms, ...window, quantityMax: 1 });
  }

  /** Waits until nothing is counted any more, then answers what was counted since the last call, and forgets it. */
  async readMeter(): Promise<readonly MeterFigure[]> {
    const endsAtMs = performance.now() + PATIENCE_MS;
    let last = "";
    let stillSinceMs = performance.now();
    while (performance.now() - stillSinceMs < STILL_MS) {
      const { body } = await this.api.http.request("GET", METER_PATH);
      if (body !== last) stillSinceMs = performance.now();
      last = body;
      if (performance.now() > endsAtMs) throw new Error("the product does not come to rest");
      await sleep(LOOK_EVERY_MS);
    }
    return (await this.api.call<{ figures: MeterFigure[] }>("DELETE", METER_PATH)).figures;
  }
}
