import { describe, expect, it } from "vitest";
import type { PageBody } from "../../../worker/page-builder/wire.ts";
import { changeBlock, insertBlock, removeBlock } from "./blocks.ts";

const spacer = (id: string, size: "small" | "large" = "small") =>
  ({ id, type: "spacer", size }) as unknown as PageBody["blocks"][number];
const page: PageBody = {
  title: "首页",
  blocks: [spacer("a"), spacer("b"), spacer("c")],
  share: { title: "", description: "", picture: null },
};

describe("a block that was taken out", () => {
  it("comes back where it stood", () => {
    expect(insertBlock(removeBlock(page, "b"), spacer("b"), 1)).toEqual(page);
  });

  it("leaves alone what was changed meanwhile, and stands once", () => {
    const changed = changeBlock(removeBlock(page, "c"), spacer("a", "large"));
    const back = insertBlock(changed, spacer("c"), 2);
    expect(back.blocks).toEqual([spacer("a", "large"), spacer("b"), spacer("c")]);
    expect(insertBlock(back, spacer("c"), 9).blocks).toHaveLength(3);
  });
});
