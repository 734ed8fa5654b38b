/** Who seeds the demo: an ordinary client of the API, signed in as one person. */
export class Client {
  readonly #origin: string;
  #token = "";

  constructor(origin: string) {
    this.#origin = origin;
  }

  async login(memberId: string, role: "member" | "staff"): Promise<this> {
    const { token } = await this.post<{ token: string }>("/api/v1/dev/login", { memberId, role });
    this.#token = token;
    return this;
  }

  async get<T>(path: string): Promise<T> {
    return this.#send<T>(path, {});
  }

  async post<T>(path: string, body?: unknown): Promise<T> {
    return this.#send<T>(path, {
      method: "POST",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async put<T>(path: string, body: unknown): Promise<T> {
    return this.#send<T>(path, { method: "PUT", body: JSON.stringify(body) });
  }

  async file<T>(path: string, body: string | Uint8Array<ArrayBuffer>, type: string): Promise<T> {
    return this.#send<T>(path, { method: "POST", body }, type);
  }

  /** At the cashier of the pretended bank, where an order led its member; its buttons are named so. */
  async atCashier(url: string, how: "pay" | "lost" | "short"): Promise<void> {
    await fetch(url);
    const body = new URLSearchParams({ how });
    const response = await fetch(url, { method: "POST", body, redirect: "manual" });
    if (response.status !== 303) throw new Error(`${url}: ${response.status}`);
  }

  async #send<T>(path: string, init: RequestInit, type = "application/json"): Promise<T> {
    const response = await fetch(this.#origin + path, {
      ...init,
      headers: {
        "content-type": type,
        ...(this.#token ? { authorization: `Bearer ${this.#token}` } : {}),
      },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }
}
