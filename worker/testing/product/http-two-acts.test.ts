/** Acts on what somebody saw: nobody removes, publishes or retires what a colleague has changed since. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { follow, operationsOf, type OpenApi, type Operation } from "./http-openapi.ts";
import type { Json } from "./http-shop.ts";
import {
  freight,
  plan,
  rule,
  segment,
  session,
  task,
  word,
  type Turn,
} from "./http-two-editors-bodies.ts";
import { StaffShop } from "./staff-client.ts";

const API = "/api/v1/staff";
const DAY_MS = 86_400_000;
let shop: StaffShop;

const call = (method: string, path: string, body?: unknown) =>
  shop.owner.do(method, `${API}${path}`, body);
const listed = (body: Json, list: string, name: string, id: string): Json | null =>
  (body[list] as Json[]).find((one) => one[name] === id) ?? null;

beforeAll(async () => {
  shop = await StaffShop.open();
  const goods = { title: "杯", kind: "local_service", skus: [{ pricePoints: 30 }] };
  await call("POST", "/goods", { goodsId: "cup", goods });
  const stock = { requestId: "two-acts-first-stock", cause: "received", units: 90, note: "" };
  await call("POST", "/skus/cup/stock", stock);
  await call("POST", "/goods/cup/publish", { revision: 1 });
  await call("POST", "/stores", { storeId: "jetty", brandId: "main", name: "栈桥店", address: "" });
});
afterAll(() => shop.close());

interface Act {
  /** What stands there, as whoever acts has read it; null: nothing any more. */
  readonly read: () => Promise<Json | null>;
  /** The colleague's change, made from what is there now. */
  readonly change: (read: Json | null, turn: Turn) => Promise<unknown>;
  readonly method: "DELETE" | "POST";
  readonly act: (read: Json) => { readonly path: string; readonly body?: unknown };
  readonly isDone: (now: Json | null) => boolean;
  readonly has?: (turn: Turn) => string;
}

const isGone = (now: Json | null): boolean => now === null;

/** A rule or a task: its newest version. */
function ofShelf(
  shelf: "rules" | "tasks",
  id: string,
  bodyOf: (turn: Turn, id: string) => unknown,
): Pick<Act, "read" | "change"> {
  const path = `/earning/${shelf}/${id}`;
  return {
    read: async () =>
      ((await call("GET", `${path}/versions`))["versions"] as Json[]).at(-1) ?? null,
    change: async (read, turn) => {
      if (read === null) await call("POST", `/earning/${shelf}`, bodyOf(turn, id));
      else await call("PUT", path, bodyOf(turn, id));
      await call("POST", `${path}/dry-run`);
    },
  };
}

function publishing(shelf: "rules" | "tasks", bodyOf: (turn: Turn, id: string) => unknown): Act {
  const { read, change } = ofShelf(shelf, "shown", bodyOf);
  return {
    ...{ read, change, method: "POST" },
    act: ({ savedAtMs }) => ({
      path: `/earning/${shelf}/shown/publish?basedOn=${String(savedAtMs)}`,
    }),
    isDone: (now) => now?.["state"] === "published",
  };
}

function retiring(shelf: "rules" | "tasks", bodyOf: (turn: Turn, id: string) => unknown): Act {
  const { read, change } = ofShelf(shelf, "live", bodyOf);
  return {
    ...{ read, method: "POST" },
    change: async (before, turn) => {
      await change(before, turn);
      await call("POST", `/earning/${shelf}/live/publish`);
    },
    act: ({ savedAtMs }) => ({
      path: `/earning/${shelf}/live/retire?basedOn=${String(savedAtMs)}`,
    }),
    isDone: (now) => now?.["state"] === "retired",
  };
}

const goodsActs: Pick<Act, "read" | "change" | "method"> = {
  method: "POST",
  read: () => call("GET", "/goods/cup"),
  change: async (read, turn) => {
    const { revision = 1, goods = {} } = read ?? {};
    await call("PUT", "/goods/cup", { revision, goods: { ...(goods as Json), title: word(turn) } });
  },
};

let sessionId = "";
let dueAtMs = 0;
const sessionActs: Pick<Act, "read" | "change"> = {
  read: async () => {
    const { status, body } = await shop.owner.send("GET", `${API}/sessions/${sessionId}`);
    return status === 404 ? null : body;
  },
  change: async (_read, turn) => {
    dueAtMs += DAY_MS;
    const items = [
      { skuId: "cup", units: 5, pricePoints: 10, priceFen: 0, limitPerMember: 1, quantityMax: 1 },
    ];
    const now = sessionId === "" ? null : await sessionActs.read();
    if (now?.["state"] === "draft") {
      const body = { ...session(turn, dueAtMs, items), version: now["version"] };
      return call("PUT", `/sessions/${sessionId}`, body);
    }
    const made = await call("POST", "/sessions", session(turn, dueAtMs, items));
    sessionId = String(made["sessionId"]);
    return made;
  },
};

const pageActs: Pick<Act, "read" | "change" | "method"> = {
  method: "POST",
  read: () => call("GET", "/pages/home"),
  change: async (read, turn) => {
    const { revision = 0, shown = {} } = read ?? {};
    const body = { ...(shown as Json), title: word(turn) };
    await call("PUT", "/pages/home/draft", { revision, body });
  },
};

const isVersion =
  (newest: number) =>
  (now: Json | null): boolean =>
    now?.["newestVersion"] === newest;

const ACTS: Readonly<Record<string, Act>> = {
  "removing a role": {
    method: "DELETE",
    read: async () => listed(await call("GET", "/roles"), "items", "roleId", "packer"),
    change: (read, turn) => {
      const body = { name: word(turn), permissions: ["goods.read"] };
      return read === null
        ? call("POST", "/roles", { ...body, roleId: "packer" })
        : call("PUT", "/roles/packer", { ...body, version: read["version"] });
    },
    act: ({ version }) => ({ path: `/roles/packer?version=${String(version)}` }),
    isDone: isGone,
  },
  "removing a segment": {
    method: "DELETE",
    read: async () => listed(await call("GET", "/segments"), "items", "segmentId", "rich"),
    change: (read, turn) =>
      call("PUT", "/segments/rich", segment(turn, Number(read?.["version"] ?? 0))),
    act: ({ version }) => ({ path: `/segments/rich?version=${String(version)}` }),
    isDone: isGone,
  },
  "removing a freight template": {
    method: "DELETE",
    read: async () =>
      listed(await call("GET", "/freight-templates"), "templates", "templateId", "far"),
    change: (_read, turn) => call("PUT", "/freight-templates/far", freight(turn)),
    act: ({ savedAtMs }) => ({ path: `/freight-templates/far?basedOn=${String(savedAtMs)}` }),
    isDone: isGone,
  },
  "removing when a store takes bookings": {
    method: "DELETE",
    read: async () =>
      listed(await call("GET", "/booking-plans/jetty"), "plans", "storeId", "jetty"),
    change: (_read, turn) => call("PUT", "/booking-plans/jetty?skuId=", plan(turn)),
    act: ({ savedAtMs }) => ({
      path: `/booking-plans/jetty?skuId=&basedOn=${String(savedAtMs)}`,
    }),
    isDone: isGone,
    has: (turn) => `"capacity":${turn}`,
  },
  "throwing a draft of a session away": {
    ...sessionActs,
    method: "DELETE",
    act: ({ version }) => ({ path: `/sessions/${sessionId}?version=${String(version)}` }),
    isDone: isGone,
  },
  "promising a session": {
    ...sessionActs,
    method: "POST",
    act: ({ version }) => ({ path: `/sessions/${sessionId}/schedule`, body: { version } }),
    isDone: (now) => now?.["state"] === "scheduled",
  },
  "publishing a rule": publishing("rules", rule),
  "publishing a task": publishing("tasks", task),
  "retiring a rule": retiring("rules", rule),
  "retiring a task": retiring("tasks", task),
  "withdrawing goods": {
    ...goodsActs,
    act: ({ revision }) => ({ path: "/goods/cup/withdraw", body: { revision } }),
    isDone: (now) => now?.["state"] === "withdrawn",
  },
  "publishing goods": {
    ...goodsActs,
    act: ({ revision }) => ({ path: "/goods/cup/publish", body: { revision } }),
    isDone: (now) => now?.["state"] === "published",
  },
  "publishing a page": {
    ...pageActs,
    act: ({ revision }) => ({ path: "/pages/home/publish", body: { revision } }),
    isDone: isVersion(1),
  },
  "rolling a page back": {
    ...pageActs,
    act: ({ revision }) => ({ path: "/pages/home/roll-back", body: { revision, version: 1 } }),
    isDone: isVersion(2),
  },
};

describe("who acts on what somebody has just changed", () => {
  it.each(Object.entries(ACTS))(
    "%s: is told, nothing is done, and then it is meant as it stands",
    async (_name, { read, change, method, act, isDone, has = word }) => {
      dueAtMs = Math.max(dueAtMs, Date.now() + DAY_MS);
      await change(await read().catch(() => null), 41);
      const seen = await read();
      if (seen === null) throw new Error("nothing was made");
      await change(seen, 42);
      const { path, body } = act(seen);
      const late = await shop.owner.send(method, `${API}${path}`, body);
      expect([late.status, late.body["code"]], late.text).toEqual([409, "conflict"]);
      const now = await read();
      expect(isDone(now)).toBe(false);
      expect(JSON.stringify(now)).toContain(has(42));
      const meant = act(now ?? {});
      await shop.owner.do(method, `${API}${meant.path}`, meant.body);
      expect(isDone(await read())).toBe(true);
    },
  );

  it("is told in a sentence", async () => {
    await call("PUT", "/freight-templates/far", freight(41));
    const path = `${API}/freight-templates/far?basedOn=1`;
    const { body } = await shop.owner.send("DELETE", path, undefined, { "accept-language": "en" });
    expect(body["detail"]).toMatch(/^Somebody just changed the same thing/);
    expect(body["current"]).toMatchObject({ title: word(41) });
  });

  it("takes no default away by a freight template that is not saved", async () => {
    const put = (id: string, body: object, from = "") =>
      shop.owner.send("PUT", `${API}/freight-templates/${id}?${from}`, body);
    await put("usual", { ...freight(41), isDefault: true });
    const seen = `basedOn=${String((await put("rival", freight(41))).body["savedAtMs"])}`;
    const stale = { ...freight(43), isDefault: true };
    await put("rival", freight(42));
    expect((await put("rival", stale, seen)).body).toMatchObject({
      ...{ code: "conflict", reason: "changed_meanwhile", current: freight(42) },
    });
    await call("DELETE", "/freight-templates/rival");
    expect((await put("rival", stale, seen)).status).toBe(404);
    const { templates } = await call("GET", "/freight-templates");
    const defaults = (templates as Json[]).filter(({ isDefault }) => isDefault);
    expect(defaults).toMatchObject([{ templateId: "usual", title: word(41) }]);
  });

  it("saves no hours of a store over those that were removed meanwhile", async () => {
    const hours = await call("PUT", "/booking-plans/jetty?skuId=cup", plan(41));
    await call("DELETE", "/booking-plans/jetty?skuId=cup");
    const path = `${API}/booking-plans/jetty?skuId=cup&basedOn=${String(hours["savedAtMs"])}`;
    expect((await shop.owner.send("PUT", path, plan(42))).status).toBe(404);
  });
});

/** Acts on a document, or removals of one, that no words of a colleague can be lost by. */
const WITHOUT_VERSION: Readonly<Record<string, string>> = {
  "DELETE /invites/{inviteId}": "an invite is never edited",
  "DELETE /labels/{labelId}": "a name and nothing else",
  "DELETE /me/sessions/{staffSessionId}": "one's own",
  "POST /earning/rules/{id}/dry-run": "looks at the draft that stands",
  "POST /earning/tasks/{id}/dry-run": "looks at the draft that stands",
  "POST /earning/terms/{kind}/preview": "looks at what was sent along",
  "POST /labels/{labelId}/members": "members one by one: the others keep theirs",
  "POST /people/{staffId}/reset": "a link, whatever the person's rights are",
  "POST /people/{staffId}/sign-out": "ends what is open, whatever the person's rights are",
  "POST /segments/{segmentId}/count": "counts by the rule that stands",
  "POST /sessions/{sessionId}/rehearsals": "runs a copy of what stands",
  "POST /store-goods/{storeId}/{goodsId}/stock": "so many units more or fewer, once",
};
/** Facts about a member, each with a request id or a state of its own; the note beside them is edited elsewhere. */
const OF_A_MEMBER = /^POST \/members\/\{memberId\}\//;

describe("the API", () => {
  it("takes what was seen in every removal and in every act on a document that is edited", async () => {
    const document = await shop.owner.do<OpenApi>("GET", "/api/openapi.json");
    const own = operationsOf(document).filter(({ path }) => path.startsWith(`${API}/`));
    const edited = own
      .filter(({ method }) => method === "put")
      .map(({ path }) => `${path.replace(/\/draft$/, "")}/`)
      .filter((path) => path.includes("{"));
    const isMeant = ({ method, path }: Operation): boolean =>
      method === "delete" || (method === "post" && edited.some((one) => path.startsWith(one)));
    const missing = own
      .filter(isMeant)
      .filter((one) => !takesWhatWasSeen(document, one))
      .map(({ method, path }) => `${method.toUpperCase()} ${path.slice(API.length)}`)
      .filter((name) => !OF_A_MEMBER.test(name));
    expect(missing.toSorted()).toEqual(Object.keys(WITHOUT_VERSION).toSorted());
  });
});

function takesWhatWasSeen(document: OpenApi, { spec }: Operation): boolean {
  const schema = spec.requestBody?.content["application/json"]?.schema;
  const fields = schema ? Object.keys(follow(document, schema).properties ?? {}) : [];
  const names = new Set([...fields, ...(spec.parameters ?? []).map(({ name }) => name)]);
  return ["basedOn", "version", "revision"].some((name) => names.has(name));
}
