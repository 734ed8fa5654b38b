/** How the witness asks objects: as a caller would, or without their noticing. */
import type { ObjectHost } from "./runtime/object-host.ts";
import type { World } from "./world.ts";

/** Calls an object directly, waking it when it sleeps: the witness sees what the next caller would. */
export function ask<T>(
  world: World,
  host: ObjectHost,
  method: string,
  ...args: unknown[]
): Promise<T> {
  const { scheduler } = world.sim;
  return new Promise((resolve, reject) => {
    scheduler.whenever(host, 0, () =>
      host.receive(method, args, (error, value) => {
        // What the script does next happens in a turn of its own.
        scheduler.after(world.outside, 0, () => {
          if (error) reject(error instanceof Error ? error : new Error(String(error)));
          else resolve(value as T);
        });
      }),
    );
  });
}

/** Looks at an object and leaves it as it was. */
export function peek<T>(
  world: World,
  host: ObjectHost,
  method: string,
  ...args: unknown[]
): Promise<T> {
  const { scheduler } = world.sim;
  const awake = host.instance?.[method]?.(...args);
  if (awake) return awake as Promise<T>;
  return new Promise((resolve) => {
    host.peek(
      method,
      args,
      (value) => void scheduler.after(world.outside, 0, () => resolve(value as T)),
    );
  });
}
