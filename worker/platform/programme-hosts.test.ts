import { expect, it } from "vitest";
import type { Env } from "./env.ts";
import { envOfHost, programmeOfHost } from "./programme-hosts.ts";

const HOSTS = "tea.example.com=tea books.example.com:8443=books";

it.each([
  ["tea.example.com", "tea"],
  ["books.example.com:8443", "books"],
  ["books.example.com", null],
  ["evil-tea.example.com", null],
])("leads %s to %s", (host, programmeId) => {
  expect(programmeOfHost(HOSTS, host)).toBe(programmeId);
});

it("keeps who operates the deployment, and one object a host", () => {
  const env = { DEFAULT_PROGRAMME: "demo", PROGRAMME_HOSTS: HOSTS } as Env;
  const at = (host: string) => envOfHost(env, new Request(`https://${host}/`));
  expect(at("shop.example.com")).toBe(env);
  expect(at("tea.example.com")).toMatchObject({
    ...{ DEFAULT_PROGRAMME: "tea", OPERATOR_PROGRAMME: "demo" },
  });
  expect(at("tea.example.com")).toBe(at("tea.example.com"));
});
