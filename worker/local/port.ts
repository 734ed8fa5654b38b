import { createServer } from "node:net";
import { endWith } from "./options.ts";

/** Ends the process where somebody listens already: before anything is built, and before a state in use is touched. */
export async function needFreePort(host: string, port: number, mend: string): Promise<void> {
  const taken = await new Promise<boolean>((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(true) : reject(error),
    );
    server.listen(port, host, () => server.close(() => resolve(false)));
  });
  if (taken) endWith(`port ${port} is taken: ${mend}`);
}
