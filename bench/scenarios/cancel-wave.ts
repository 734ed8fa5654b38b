/** Units come back and find a new owner: part of the winners cancel, a wave follows, the losers redeem to zero. */
import { sleep, type SaleView } from "../load/api.ts";
import {
  orderIdAt,
  type DriveJob,
  type DriveReport,
  type Requests,
  type Timed,
} from "../load/jobs.ts";
import { unpackFloats } from "../load/line-protocol.ts";
import { CpuMeter, type Figures } from "../load/scenario.ts";
import { median } from "../load/stats.ts";
import { TIMELINE_EVERY_MS } from "../load/timeline.ts";
import {
  newSale,
  observed,
  orderPrefix,
  progressOf,
  soldExactly,
  unexpected,
  type Stage,
} from "./stage.ts";

const CONNECTIONS = 128;
const CANCELLED_SHARE = 0.3;
const RETURN_PATIENCE_MS = 20_000;
const ASK_EVERY_MS = 10;

interface Winner {
  readonly member: number;
  readonly orderId: string;
}

export async function runCancelWave(stage: Stage): Promise<Figures> {
  const { settings, site, members } = stage;
  // Every unit that comes back needs somebody who went without.
  const units = Math.min(settings.number("units"), Math.floor(members.length / 2));
  const sale = await newSale(stage, { name: "cancel-wave", units, limitPerMember: 1 });
  const game = new Game(stage, sale, units);
  const { report, series, breaches } = await observed(stage, [sale.saleId], () => game.play());
  // Every unit that came back was sold again, so the sale ends as it began: all sold, none twice.
  const sold = await soldExactly(site.api, [sale.saleId], units, units);
  return {
    name: "cancel-wave",
    perSecond: (game.cancelled + game.resold) / (game.wavesMs / 1_000),
    latenciesMs: Float64Array.from(game.latencies),
    generatorCpu: report.cpu.generator,
    serverCpu: report.cpu.server,
    series,
    breaches: [...game.breaches, ...breaches, ...sold],
    notes: [
      { name: "units cancelled and resold", value: game.resold, unit: "units" },
      { name: "wave to zero again", value: median(game.toZeroMs), unit: "ms" },
    ],
  };
}

class Game {
  cancelled = 0;
  resold = 0;
  wavesMs = 0;
  readonly toZeroMs: number[] = [];
  readonly latencies: number[] = [];
  readonly breaches: string[] = [];
  readonly #meter: CpuMeter;
  readonly #timeline: number[] = [];
  #startedAtMs = 0;
  #generatorSeconds = 0;
  readonly #stage: Stage;
  readonly #sale: SaleView;
  readonly #units: number;
  #losers: number[] = [];
  #winners: Winner[] = [];
  #asked = 0;

  constructor(stage: Stage, sale: SaleView, units: number) {
    this.#stage = stage;
    this.#sale = sale;
    this.#units = units;
    this.#meter = new CpuMeter(stage.site.product.serverPids);
  }

  async play(): Promise<Timed> {
    const { members, settings } = this.#stage;
    const startedMs = performance.now();
    this.#startedAtMs = performance.timeOrigin + startedMs;
    const everybody = members.map((_, at) => at);
    await this.#redeem(everybody, this.#sale.epoch, this.#units);
    const wavesFromMs = performance.now();
    for (let wave = 0; wave < settings.number("waves") && this.#losers.length > 0; wave += 1) {
      await this.#wave();
    }
    const endedMs = performance.now();
    this.wavesMs = endedMs - wavesFromMs;
    const elapsedMs = endedMs - startedMs;
    const server = this.#meter.read().serverCpu;
    const generator = this.#generatorSeconds / (elapsedMs / 1_000);
    const startedAtMs = this.#startedAtMs;
    return { startedAtMs, elapsedMs, timeline: this.#timeline, cpu: { generator, server } };
  }

  async #wave(): Promise<void> {
    const share = Math.max(1, Math.floor(this.#winners.length * CANCELLED_SHARE));
    const count = Math.min(share, this.#losers.length);
    const leaving = this.#winners.slice(0, count);
    const cancels = await this.#drive({ kind: "cancel", crew: this.#crew, orders: leaving }, count);
    this.#note(cancels, unexpected(cancels, [200]));
    this.cancelled += cancels.statuses["200"] ?? 0;
    this.#winners = this.#winners.slice(count);
    await this.#untilReturned(count);
    const startedMs = performance.now();
    const { epoch } = await this.#stage.site.api.command(this.#sale.saleId, "wave");
    this.resold += await this.#redeem(this.#losers, epoch, count);
    this.toZeroMs.push(performance.now() - startedMs);
  }

  get #crew(): string {
    return this.#stage.crew;
  }

  /** These members ask for one unit each; as many as there are units are granted. */
  async #redeem(askers: readonly number[], epoch: number, units: number): Promise<number> {
    const prefix = orderPrefix(this.#stage, "cw");
    const from = this.#asked;
    this.#asked += askers.length;
    const { saleId } = this.#sale;
    const report = await this.#drive(
      {
        ...{ kind: "redeem", crew: this.#crew, sales: [{ saleId, epoch }] },
        ...{ orderPrefix: prefix, from, members: askers },
      },
      askers.length,
    );
    const breaches = unexpected(report, [201, 409]);
    const granted = report.created.length;
    if (granted !== Math.min(units, askers.length))
      breaches.push(`${granted} of ${units} units were granted in epoch ${epoch}`);
    this.#note(report, breaches);
    const won = new Set(report.created);
    for (const at of report.created) {
      this.#winners.push({ member: askers[at] ?? 0, orderId: orderIdAt(prefix, from + at) });
    }
    this.#losers = askers.filter((_, at) => !won.has(at));
    return granted;
  }

  #drive(requests: Requests, count: number): Promise<DriveReport> {
    const { site, generator } = this.#stage;
    const { origin, serverPids } = site.product;
    const job: DriveJob = { origin, requests, count, connections: CONNECTIONS, serverPids };
    return generator.run("drive", job, progressOf(this.#stage, `cancel-wave: ${requests.kind}`));
  }

  #note(report: DriveReport, breaches: readonly string[]): void {
    for (const latency of unpackFloats(report.latencies)) this.latencies.push(latency);
    this.breaches.push(...breaches);
    this.#generatorSeconds += report.cpu.generator * (report.elapsedMs / 1_000);
    const offset = Math.floor((report.startedAtMs - this.#startedAtMs) / TIMELINE_EVERY_MS);
    report.timeline.forEach((count, at) => {
      while (this.#timeline.length <= offset + at) this.#timeline.push(0);
      this.#timeline[offset + at] = (this.#timeline[offset + at] ?? 0) + count;
    });
  }

  /** The Accounts carry cancels to the Sku; a wave before all are there would leave units for the next. */
  async #untilReturned(count: number): Promise<void> {
    const deadlineMs = performance.now() + RETURN_PATIENCE_MS;
    for (;;) {
      const { returned } = await this.#stage.site.api.sale(this.#sale.saleId);
      if (returned >= count) return;
      if (performance.now() > deadlineMs)
        throw new Error(`${returned} of ${count} cancelled units came back in time`);
      await sleep(ASK_EVERY_MS);
    }
  }
}
