/** A Chromium of this machine, or else the one that comes as a package. */
import { existsSync } from "node:fs";
import packaged from "@sparticuz/chromium";
import { chromium, type Browser } from "playwright-core";

const ON_MACHINE = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Containers have no user namespaces for the sandbox, and little shared memory. */
const ARGS = ["--no-sandbox", "--disable-dev-shm-usage"];

/** `more`: flags of one test, such as a film for its camera; `without`: flags of the driver that a test cannot have. */
export async function launchBrowser(
  more: readonly string[] = [],
  without: readonly string[] = [],
): Promise<Browser> {
  const ignoreDefaultArgs = [...without];
  const own = [process.env["CHROMIUM_PATH"] ?? "", ...ON_MACHINE].find(
    (path) => path !== "" && existsSync(path),
  );
  if (own !== undefined)
    return chromium.launch({ executablePath: own, args: [...ARGS, ...more], ignoreDefaultArgs });
  return chromium.launch({
    executablePath: await packaged.executablePath(),
    args: [...new Set([...packaged.args, ...ARGS, ...more])],
    ignoreDefaultArgs,
  });
}
