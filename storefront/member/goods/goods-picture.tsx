import type { JSX } from "preact";
import type { Picture } from "../../../worker/catalog/wire.ts";

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
  const priority = first ? { fetchpriority: "high" as const } : { loading: "lazy" as const };
  const sources = picture?.sources ?? [];
  const widths = sources.map(({ path, width }) => `${path} ${width}w`).join(", ");
  return (
    // A square that is held before the picture comes, whatever shape the picture has.
    <span class="sq-b">
      <img
        class="pic sq"
        src={picture?.path ?? PLACEHOLDER}
        {...(sources.length > 1 ? { srcset: widths, sizes } : {})}
        alt={alt}
        width={size}
        height={size}
        decoding="async"
        {...priority}
      />
    </span>
  );
}
