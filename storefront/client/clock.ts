/**
 * The server's clock as this page knows it.
 *
 * Local time is monotonic (`performance.now()`), so a member who turns the phone's clock changes nothing.
 * The offset comes from the sample with the shortest round trip: half of that trip bounds its error.
 */
export interface ServerClock {
  now(): number;
  /** Half of the best round trip, rounded up; `null` until the door has answered a ping. */
  errorMs(): number | null;
  localMs(): number;
  sample(sentLocalMs: number, receivedLocalMs: number, serverTimeMs: number): void;
  /** Forget the samples (the page slept, and the local clock may have stood still), keep the offset. */
  resync(): void;
}

export interface ClockSeed {
  serverTimeMs: number;
  /** When the page's own request left and when its first byte came, if the browser says. */
  requestStartLocalMs?: number | undefined;
  responseStartLocalMs?: number | undefined;
}

interface Sample {
  offsetMs: number;
  roundTripMs: number;
}

const SAMPLES_KEPT = 8;

export function createClock(seed: ClockSeed, localMs: () => number): ServerClock {
  const received = seed.responseStartLocalMs ?? localMs();
  const sent = seed.requestStartLocalMs ?? received;
  let offsetMs = seed.serverTimeMs - (sent + received) / 2;
  let samples: Sample[] = [];
  let errorMs: number | null = null;

  return {
    now: () => Math.round(localMs() + offsetMs),
    errorMs: () => errorMs,
    localMs,
    sample(sentLocalMs, receivedLocalMs, serverTimeMs) {
      const roundTripMs = receivedLocalMs - sentLocalMs;
      if (roundTripMs < 0 || !Number.isFinite(serverTimeMs)) return;
      samples.push({ offsetMs: serverTimeMs - (sentLocalMs + receivedLocalMs) / 2, roundTripMs });
      if (samples.length > SAMPLES_KEPT) samples.shift();
      const best = samples.reduce((a, b) => (b.roundTripMs < a.roundTripMs ? b : a));
      offsetMs = best.offsetMs;
      // One more millisecond, because both ends round to whole ones.
      errorMs = Math.ceil(best.roundTripMs / 2) + 1;
    },
    resync() {
      samples = [];
    },
  };
}

/** The clock of a page in a browser, seeded by how long the page's own request took. */
export function pageClock(serverTimeMs: number): ServerClock {
  const localMs = (): number => performance.timeOrigin + performance.now();
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const known = entry !== undefined && entry.responseStart > 0;
  return createClock(
    {
      serverTimeMs,
      requestStartLocalMs: known ? performance.timeOrigin + entry.requestStart : undefined,
      responseStartLocalMs: known ? performance.timeOrigin + entry.responseStart : undefined,
    },
    localMs,
  );
}
