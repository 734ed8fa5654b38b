/** A run: products and generator up, rounds of scenarios, the audit, everything down again. */
import { inParallel, type AuditRow, type Member, type ProductApi } from "./load/api.ts";
import { runFsync } from "./load/fsync.ts";
import { Generator } from "./load/generator-process.ts";
import { machine } from "./load/machine.ts";
import { auditBreaches, untilQuiet, type Figures } from "./load/scenario.ts";
import type { Options } from "./options.ts";
import { measure, toText, type Measurement } from "./report/measurement.ts";
import type { Peer } from "./peers/peer.ts";
import { sumAudit, type AuditSum, type Outcome, type PeerText } from "./report/outcome.ts";
import type { Progress } from "./progress.ts";
import { runHello } from "./scenarios/hello.ts";
import { Settings, settingsOf } from "./scenarios/parameters.ts";
import type { PeerPlan } from "./scenarios/peers.ts";
import type { Scenario } from "./scenarios/registry.ts";
import { OwnedSite } from "./scenarios/site.ts";
import { CREW, type Site, type SiteNeeds, type Stage } from "./scenarios/stage.ts";

const POINTS = 100_000_000;
const LOGINS_AT_ONCE = 32;
const MEMBERS_PER_GRANT = 1_000;
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

export async function runBench(
  options: Options,
  command: string,
  progress: Progress,
): Promise<Outcome> {
  const bench = new Bench(options, progress);
  const startedAt = new Date().toISOString();
  // A person who has seen enough leaves no process and no data behind.
  const onInterrupt = (): void => {
    progress.say("stopping …");
    void bench.end().finally(() => process.exit(130));
  };
  for (const signal of SIGNALS) process.once(signal, onInterrupt);
  try {
    await bench.setUp();
    const measurements = await bench.rounds();
    const audit = await bench.audit();
    const settings = Object.fromEntries(
      options.scenarios.map((one) => [
        one.name,
        settingsOf(one.parameters, options.given).entries(),
      ]),
    );
    const { rounds } = options;
    const { peers } = bench;
    const run = { command, startedAt, machine: machine(), rounds, settings };
    const found = { ...run, peers, measurements, audit };
    return { run: found, breaches: bench.breaches };
  } finally {
    for (const signal of SIGNALS) process.off(signal, onInterrupt);
    await bench.end();
  }
}

class Bench {
  readonly breaches: string[] = [];
  readonly #options: Options;
  readonly #progress: Progress;
  readonly #sites = new Map<string, OwnedSite>();
  readonly #peers = new Map<string, Peer | null>();
  readonly #runId = Math.random().toString(36).slice(2, 8).padEnd(6, "0");
  #generator: Generator | null = null;
  #members: readonly Member[] = [];

  constructor(options: Options, progress: Progress) {
    this.#options = options;
    this.#progress = progress;
  }

  async setUp(): Promise<void> {
    const { members } = this.#options;
    this.#progress.say("starting the product, hello-world and the load generator …");
    await this.#startSite("main", true);
    this.#generator = await Generator.start();
    this.#progress.say(`${members} members sign in and are given points …`);
    this.#members = await enrol(this.#site("main").api, members);
    await this.#generator.run("crew", { crew: CREW, members: this.#members });
  }

  async #startSite(name: string, withHello: boolean, needs: SiteNeeds = {}): Promise<OwnedSite> {
    const onLog = (line: string): void => {
      if (this.#options.isVerbose) this.#progress.say(line);
    };
    const site = await OwnedSite.start({ name, withHello, onLog, ...needs });
    this.#sites.set(name, site);
    return site;
  }

  #site(name: string): OwnedSite {
    const site = this.#sites.get(name);
    if (!site) throw new Error(`${name} is not running`);
    return site;
  }

  async rounds(): Promise<Measurement[]> {
    const { rounds } = this.#options;
    const measurements: Measurement[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      this.#progress.say(`round ${round} of ${rounds}`);
      const results = await this.#round(round);
      this.breaches.push(
        ...results.flatMap(({ name, breaches }) => breaches.map((one) => `${name}: ${one}`)),
      );
      const hellos = results.filter(({ name }) => name === "hello");
      const hello = hellos.reduce((sum, one) => sum + one.perSecond, 0) / hellos.length;
      for (const figures of results) {
        const one = measure(round, figures, hello);
        measurements.push(one);
        // A figure of a run that broke a promise is worth nothing, so it is not shown either.
        if (this.breaches.length === 0) this.#progress.say(`  ${toText(one)}`);
      }
    }
    return measurements;
  }

  /** Hello-world at both ends, the scenarios in between, every second round the other way about. */
  async #round(round: number): Promise<Figures[]> {
    const { scenarios, helloRequests } = this.#options;
    const order = round % 2 === 1 ? [...scenarios] : [...scenarios].reverse();
    const main = this.#site("main");
    const idle = new Settings(new Map());
    const results: Figures[] = [runFsync(main.dataDir)];
    await untilQuiet(main.api);
    results.push(await runHello(this.#stage(round, idle), helloRequests));
    for (const scenario of order) results.push(...(await this.#play(scenario, round)));
    await this.#auditRound(round);
    results.push(await runHello(this.#stage(round, idle), helloRequests));
    return results;
  }

  /** Before any figure of a round is shown, its books must balance; the rows are counted once more at the end. */
  async #auditRound(round: number): Promise<void> {
    for (const site of this.#sites.values()) {
      const { rows } = await untilQuiet(site.api);
      const breaches = auditBreaches(rows);
      this.breaches.push(...breaches.map((one) => `${site.name}, round ${round}: ${one}`));
    }
  }

  async #play(scenario: Scenario, round: number): Promise<readonly Figures[]> {
    this.#progress.tell(`${scenario.name} …`);
    const settings = settingsOf(scenario.parameters, this.#options.given);
    // What the last scenario left to settle is not charged to this one.
    await untilQuiet(this.#site("main").api);
    const result = await scenario.run(this.#stage(round, settings));
    return Array.isArray(result) ? (result as readonly Figures[]) : [result as Figures];
  }

  #stage(round: number, settings: Settings): Stage {
    if (!this.#generator) throw new Error("no load generator is running");
    return {
      site: this.#site("main"),
      generator: this.#generator,
      members: this.#members,
      crew: CREW,
      runId: this.#runId,
      round,
      settings,
      tell: (text) => this.#progress.tell(text),
      ownSite: (name, furnish, needs) => this.#ownSite(name, furnish, needs),
      peer: (plan) => this.#peer(plan),
    };
  }

  async #ownSite(
    name: string,
    furnish: (site: Site) => Promise<void>,
    needs: SiteNeeds = {},
  ): Promise<Site> {
    const known = this.#sites.get(name);
    if (known) return known;
    const site = await this.#startSite(name, false, needs);
    await furnish(site);
    return site;
  }

  async #peer({ name, start, options }: PeerPlan): Promise<Peer | null> {
    const known = this.#peers.get(name);
    if (known !== undefined) return known;
    const started = await start(options);
    if (!started.ok) {
      const help = started.install === null ? "" : ` Try: ${started.install}`;
      this.#progress.say(`${name} is left out: ${started.reason}.${help}`);
    }
    const peer = started.ok ? started.peer : null;
    this.#peers.set(name, peer);
    return peer;
  }

  get peers(): PeerText[] {
    return [...this.#peers.values()]
      .filter((peer) => peer !== null)
      .map(({ name, versions, settings }) => ({ name, versions, settings }));
  }

  /** The whole audit of every product of this run, at rest. */
  async audit(): Promise<AuditSum[]> {
    this.#progress.say("audit …");
    const all: AuditRow[] = [];
    for (const site of this.#sites.values()) {
      const { rows } = await untilQuiet(site.api);
      const deep = await site.api.deepAudit((pages) =>
        this.#progress.tell(`audit of ${site.name}: page ${pages}`),
      );
      const audit = [...rows, ...deep];
      this.breaches.push(...auditBreaches(audit).map((breach) => `${site.name}: ${breach}`));
      all.push(...audit);
    }
    this.#progress.clear();
    return sumAudit(all);
  }

  async end(): Promise<void> {
    this.#progress.clear();
    await this.#generator?.stop();
    for (const peer of this.#peers.values()) await peer?.stop();
    this.#peers.clear();
    for (const site of this.#sites.values()) await site.end();
  }
}

async function enrol(api: ProductApi, count: number): Promise<Member[]> {
  const ids = Array.from({ length: count }, (_, at) => `bench-${at}`);
  for (let at = 0; at < ids.length; at += MEMBERS_PER_GRANT) {
    await api.grantMany(ids.slice(at, at + MEMBERS_PER_GRANT), POINTS, "bench");
  }
  return inParallel(ids, LOGINS_AT_ONCE, (id) => api.login(id));
}
