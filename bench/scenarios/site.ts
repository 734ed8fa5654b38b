/** Running products of a run: started in a temporary place, restarted on their data, ended and removed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProductApi } from "../load/api.ts";
import { freePort, startProduct, type Product } from "../load/product.ts";
import type { Site, SiteNeeds } from "./stage.ts";

export interface SiteOptions extends SiteNeeds {
  readonly name: string;
  readonly withHello: boolean;
  readonly onLog: (line: string) => void;
}

export class OwnedSite implements Site {
  readonly name: string;
  readonly dataDir: string;
  readonly #options: SiteOptions;
  #port = 0;
  #product: Product | null = null;
  #api: ProductApi | null = null;

  private constructor(options: SiteOptions) {
    this.name = options.name;
    this.#options = options;
    this.dataDir = mkdtempSync(join(tmpdir(), "qiangdui-bench-"));
  }

  static async start(options: SiteOptions): Promise<OwnedSite> {
    const site = new OwnedSite(options);
    try {
      site.#port = await freePort();
      await site.#start();
      return site;
    } catch (error) {
      await site.end();
      throw error;
    }
  }

  get product(): Product {
    if (!this.#product) throw new Error(`${this.name} is not running`);
    return this.#product;
  }

  get api(): ProductApi {
    if (!this.#api) throw new Error(`${this.name} is not running`);
    return this.#api;
  }

  async #start(): Promise<void> {
    const { withHello, onLog, hasBank = false, vars = {} } = this.#options;
    const { dataDir } = this;
    const env = { QIANGDUI_VARS: JSON.stringify(vars) };
    this.#product = await startProduct({
      ...{ dataDir, port: this.#port, withHello, onLog, hasBank, env },
    });
    this.#api = new ProductApi(this.#product.origin);
  }

  async restart(): Promise<void> {
    await this.#stop();
    await this.#start();
  }

  async #stop(): Promise<void> {
    this.#api?.close();
    this.#api = null;
    await this.#product?.stop();
    this.#product = null;
  }

  /** Stops it and removes its data. */
  async end(): Promise<void> {
    await this.#stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
