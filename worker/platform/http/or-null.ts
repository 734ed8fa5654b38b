import { z } from "@hono/zod-openapi";

/**
 * A named object, or null. `nullable()` on it would reach the document in one of two wrong ways: the name is told as null everywhere,
 * or as null nowhere. So where null may stand the object is told in full.
 */
export const orNull = <Shape extends z.ZodRawShape>({ shape }: z.ZodObject<Shape>) =>
  z.object(shape).nullable();
