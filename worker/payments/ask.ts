import { readStream } from "../platform/http/read.ts";
import type { Fetch } from "./provider.ts";

/** What a provider's server answered, whole. */
export interface ServerAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Answers of calls are some kilobytes; a bill says how large it may be. */
const ANSWER_BYTES_MAX = 1_048_576;

/** Null: no answer. One that breaks off, takes too long or has no end is none either. */
export async function askServer(
  fetch: Fetch,
  request: Request,
  bytesMax = ANSWER_BYTES_MAX,
): Promise<ServerAnswer | null> {
  try {
    const response = await fetch(request);
    const bytes = await readStream(response, bytesMax);
    return bytes && { status: response.status, headers: response.headers, bytes };
  } catch {
    return null;
  }
}

export const textOf = ({ bytes }: ServerAnswer): string => new TextDecoder().decode(bytes);
