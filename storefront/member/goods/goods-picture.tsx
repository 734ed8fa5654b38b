import type { JSX } from "preact";
import type { Picture } from "../../../worker/catalog/wire.ts";
import { Square, widthsOf } from "../../ui/parts.tsx";

const PLACEHOLDER = "/goods/placeholder.svg";

/** A picture of goods in the width that fits; `sizes` as in HTML. */
export function GoodsPicture(props: {
  picture: Picture | null;
  size: number;
  sizes: string;
  alt?: string;
  first?: boolean;
}): JSX.Element {
  const { picture, size, sizes, alt = "", first = false } = props;
  const src = picture?.path ?? PLACEHOLDER;
  const sources = picture?.sources ?? [];
  const stored = sources.map(({ path, width }) => `${path} ${width}w`).join();
  // What the console stored is there in several widths; what came by a file or the API is not.
  const widths = sources.length > 1 ? { srcset: stored, sizes } : widthsOf(src, sizes);
  return <Square src={src} {...widths} alt={alt} size={size} first={first} />;
}
