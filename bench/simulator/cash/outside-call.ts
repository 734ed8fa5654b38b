/** A call of the product to somebody outside the platform, who may be silent: having heard it, or not. */
import type { FaultName } from "../faults.ts";
import type { ObjectHost } from "../runtime/object-host.ts";
import type { Party } from "../runtime/scheduler.ts";
import type { Simulation } from "../runtime/simulation.ts";

export interface OutsideCall<Answer> {
  /** In the story of the life. */
  readonly who: string;
  readonly what: string;
  readonly silence: FaultName;
  /** As long as the product waits for an answer. */
  readonly timeoutMs: number;
  /** In a turn of its own, once the call has arrived. */
  readonly answer: () => Promise<Answer>;
}

/** Somebody with a clock and a memory that no crash of the product takes. */
export const neighbour = ({ outside }: Simulation, name: string): Party => ({
  ...outside,
  name,
  endTurn: () => undefined,
  output: (send) => send(),
});

/** Objects of an isolate share what they ask through, so whoever's turn it is asks, and not whoever made it. */
export function callOutside<Answer>(
  sim: Simulation,
  self: Party,
  call: OutsideCall<Answer>,
): Promise<Answer> {
  const { faults, network, outside, random, scheduler, trace } = sim;
  const { answer, silence, timeoutMs, what, who } = call;
  const party = scheduler.current ?? outside;
  const { life } = party;
  const host = "waitsFor" in party ? (party as ObjectHost) : null;
  if (host) host.waitsFor += 1;
  return new Promise((resolve, reject) => {
    const settle = (afterMs: number, run: () => void): void => {
      if (party.life !== life) return;
      scheduler.after(party, afterMs, () => {
        if (host) host.waitsFor -= 1;
        run();
      });
    };
    party.output(() => {
      const isSilent = faults.strikes(silence);
      const isHeard = !isSilent || random.chance(0.5);
      if (isSilent) {
        trace.say(who, () => `${isHeard ? "hears" : "does not hear"} ${what}, no answer comes`);
        settle(timeoutMs, () => reject(new Error(`${who} does not answer`)));
      }
      if (!isHeard) return;
      scheduler.after(self, network.latencyMs(), () => {
        answer().then(
          (said) => {
            if (!isSilent) settle(network.latencyMs(), () => resolve(said));
          },
          (error: unknown) => settle(0, () => reject(error)),
        );
      });
    });
  });
}
