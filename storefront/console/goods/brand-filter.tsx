import type { JSX } from "preact";
import { SelectFilter, useWords } from "../kit/index.ts";
import { useBrands } from "./use-brands.ts";
import { GOODS } from "./words.ts";

/** Narrows a list to one brand; not there where the programme has no choice of them. */
export function BrandFilter(): JSX.Element | null {
  const words = useWords(GOODS);
  const brands = useBrands();
  return brands.length > 1 ? (
    <SelectFilter name="brand" label={words.brand} options={brands} />
  ) : null;
}
