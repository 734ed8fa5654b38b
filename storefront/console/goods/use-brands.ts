import { useRead } from "../kit/index.ts";

interface Brands {
  readonly brands: readonly { readonly brandId: string; readonly name: string }[];
}

/** The brands of this programme, to choose from. */
export function useBrands(): { value: string; title: string }[] {
  const { value } = useRead<Brands>("/api/v1/staff/me");
  return (value?.brands ?? []).map(({ brandId, name }) => ({ value: brandId, title: name }));
}
