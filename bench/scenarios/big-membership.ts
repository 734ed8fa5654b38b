/**
 * Does the size of the membership matter? The same thousand members redeem where they are everybody, and where they
 * are a thousand of very many whose points lie in the same objects.
 */
import { inParallel, type Member } from "../load/api.ts";
import { residentBytes } from "../load/observe.ts";
import { untilQuiet, type Figures } from "../load/scenario.ts";
import { figuresOfDrive } from "./figures.ts";
import {
  newSale,
  observed,
  orderPrefix,
  progressOf,
  refOf,
  soldExactly,
  unexpected,
  type Site,
  type Stage,
} from "./stage.ts";

const POINTS = 1_000_000;
/** Members a bulk grant carries: the body has room for this many of our ids. */
const MEMBERS_PER_GRANT = 1_000;
const GRANTS_AT_ONCE = 2;
const LOGINS_AT_ONCE = 32;
/** Everything granted must also be in D1 before anything is measured. */
const QUIET_PATIENCE_MS = 10 * 60_000;
const MEGABYTE = 2 ** 20;

interface Hall {
  readonly name: string;
  readonly site: Site;
  readonly membership: number;
  readonly crew: string;
  readonly activeCount: number;
  /** Resident bytes of the server with all of them idle. */
  readonly idleBytes: number;
  readonly preloadSeconds: number;
}

const halls = new Map<Site, Hall>();

export async function runBigMembership(stage: Stage): Promise<Figures[]> {
  const membership = stage.settings.number("membership");
  const active = Math.min(stage.settings.number("active"), membership);
  const few = await hallOf(stage, "few", active, active);
  const many = await hallOf(stage, "many", membership, active);
  // Alternated, so that a machine that slows down does not slow one of them only.
  const order = stage.round % 2 === 1 ? [few, many] : [many, few];
  const results: Figures[] = [];
  for (const hall of order) results.push(await redeemIn(stage, hall, few));
  return results;
}

async function hallOf(
  stage: Stage,
  name: string,
  membership: number,
  active: number,
): Promise<Hall> {
  const site = await stage.ownSite(`big-membership-${name}`, async (fresh) => {
    halls.set(fresh, await furnish(stage, fresh, { name, membership, active }));
  });
  const hall = halls.get(site);
  if (!hall) throw new Error("a hall that nobody furnished");
  return hall;
}

async function furnish(
  stage: Stage,
  site: Site,
  wish: { readonly name: string; readonly membership: number; readonly active: number },
): Promise<Hall> {
  const { name, membership, active } = wish;
  const startedMs = performance.now();
  const grants = Math.ceil(membership / MEMBERS_PER_GRANT);
  let done = 0;
  await inParallel(Array.from({ length: grants }), GRANTS_AT_ONCE, async (_, at) => {
    const from = at * MEMBERS_PER_GRANT;
    const length = Math.min(MEMBERS_PER_GRANT, membership - from);
    const memberIds = Array.from({ length }, (_one, offset) => `m${from + offset}`);
    await site.api.grantMany(memberIds, POINTS, `preload-${at}`);
    done += 1;
    stage.tell(`big-membership: ${done * MEMBERS_PER_GRANT} of ${membership} members have points`);
  });
  stage.tell("big-membership: D1 catches up");
  const { isQuiet } = await untilQuiet(site.api, QUIET_PATIENCE_MS);
  if (!isQuiet) throw new Error(`D1 did not take ${membership} grants in time`);
  const preloadSeconds = (performance.now() - startedMs) / 1_000;
  // Those who will redeem are spread over the whole membership, as customers are.
  const everyNth = Math.floor(membership / active);
  const ids = Array.from({ length: active }, (_, at) => `m${at * everyNth}`);
  // A restart forgets what the preload left in memory: what is idle then is what the members cost.
  await site.restart();
  const members: Member[] = await inParallel(ids, LOGINS_AT_ONCE, (id) => site.api.login(id));
  await site.api.shallowAudit();
  const idleBytes = residentBytes(site.product.serverPids);
  const crew = `hall-${name}`;
  await stage.generator.run("crew", { crew, members });
  const activeCount = active;
  return { name, site, membership, crew, activeCount, idleBytes, preloadSeconds };
}

async function redeemIn(stage: Stage, hall: Hall, few: Hall): Promise<Figures> {
  const { site, crew, activeCount } = hall;
  const count = stage.settings.number("requests");
  const limitPerMember = Math.ceil(count / activeCount);
  const sale = await newSale(stage, { name: "hall", units: count, limitPerMember }, site);
  const job = {
    origin: site.product.origin,
    requests: {
      ...{ kind: "redeem" as const, crew, sales: [refOf(sale)] },
      ...{ orderPrefix: orderPrefix(stage, "hall"), from: 0 },
    },
    count,
    connections: stage.settings.number("connections"),
    serverPids: site.product.serverPids,
  };
  const { report, series, breaches } = await observed(
    stage,
    [sale.saleId],
    () => stage.generator.run("drive", job, progressOf(stage, `big-membership: ${hall.name}`)),
    site,
  );
  const busyBytes = residentBytes(site.product.serverPids);
  const sold = await soldExactly(site.api, [sale.saleId], count, report.created.length);
  await untilQuiet(site.api);
  return figuresOfDrive(`big-membership-${hall.name}`, report, {
    series,
    breaches: [...unexpected(report, [201]), ...breaches, ...sold],
    notes: [
      { name: "members", value: hall.membership, unit: "" },
      { name: "preloaded in", value: hall.preloadSeconds, unit: "s" },
      { name: "resident, all idle", value: hall.idleBytes / MEGABYTE, unit: "MB" },
      { name: "resident after the load", value: busyBytes / MEGABYTE, unit: "MB" },
      ...(hall === few ? [] : [{ name: "resident per idle member", ...perIdle(hall, few) }]),
    ],
  });
}

/** Both runtimes were restarted and did the same since; what one holds more is what its members cost. */
function perIdle(hall: Hall, few: Hall): { readonly value: number; readonly unit: string } {
  const members = Math.max(1, hall.membership - few.membership);
  // A negative difference is the noise of the heap: nothing that can be seen.
  return { value: Math.max(0, hall.idleBytes - few.idleBytes) / members, unit: "bytes" };
}
