/** Several merchants in one deployment: which programme a visitor without a session has come to, by the host they named. */
import type { Env } from "./env.ts";

/** By the binding's own object, so that what is kept by it (such as the meter) is found again. */
const known = new WeakMap<object, Map<string, Env>>();

/** `PROGRAMME_HOSTS` reads `tea.example.com=tea books.example.com=books`; a host that it does not name is the default programme's. */
export function envOfHost(env: Env, request: Request): Env {
  const hosts = env.PROGRAMME_HOSTS;
  if (hosts === undefined || hosts === "") return env;
  const { host } = new URL(request.url);
  const byHost = known.get(env) ?? new Map<string, Env>();
  known.set(env, byHost);
  const kept = byHost.get(host);
  if (kept) return kept;
  const programmeId = programmeOfHost(hosts, host);
  if (programmeId === null) return env;
  const own: Env = {
    ...env,
    ...{ DEFAULT_PROGRAMME: programmeId, OPERATOR_PROGRAMME: env.DEFAULT_PROGRAMME },
  };
  byHost.set(host, own);
  return own;
}

export function programmeOfHost(hosts: string, host: string): string | null {
  for (const pair of hosts.split(/\s+/)) {
    const at = pair.lastIndexOf("=");
    if (at > 0 && pair.slice(0, at) === host) return pair.slice(at + 1);
  }
  return null;
}
