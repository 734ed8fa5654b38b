/** The runtime's own hello-world, served the same way as the product: what the machine can do at all right now. */
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";

export interface HelloServer {
  readonly origin: string;
  close(): Promise<void>;
}

export async function startHello(port: number, compatibilityDate: string): Promise<HelloServer> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      port: 0,
      log: new Log(LogLevel.ERROR),
      workers: [
        {
          name: "hello",
          compatibilityDate,
          modules: true,
          script: 'export default { fetch() { return new Response("Hello, world!"); } };',
          unsafeDirectSockets: [{ host: "127.0.0.1", port }],
        },
      ],
    }),
  );
  await miniflare.ready;
  const origin = String(await miniflare.unsafeGetDirectURL("hello")).replace(/\/$/, "");
  return { origin, close: () => miniflare.dispose() };
}
