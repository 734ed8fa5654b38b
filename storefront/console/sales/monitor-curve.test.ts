/** Which part of the curve is shown to whoever chose none. */
import { expect, it } from "vitest";
import { spanToShow } from "./monitor-curve.tsx";

const curve = (...requests: number[]) => ({
  ...{ fromMs: 0, stepMs: 100, granted: requests.map(() => 0), shelf: requests.map(() => null) },
  requests,
});

it("is that of the opening while it has something to show, else the whole", () => {
  expect(spanToShow("fine3", { fine: curve(3, 1), coarse: curve(4) })).toBe("fine3");
  expect(spanToShow("fine3", { fine: curve(), coarse: curve() })).toBe("fine3");
  expect(spanToShow("fine3", { fine: curve(), coarse: curve(0, 1) })).toBe("all");
});
