/** Provinces, cities and districts by their six-digit codes. */
import { areaList } from "@vant/area-data";

export interface Region {
  /** Of the district. */
  readonly code: string;
  readonly province: string;
  readonly city: string;
  readonly district: string;
}

/** Null: no district has this code. */
export function regionOf(code: string): Region | null {
  const district = areaList.county_list[code];
  if (district === undefined) return null;
  const province = areaList.province_list[`${code.slice(0, 2)}0000`];
  const city = areaList.city_list[`${code.slice(0, 4)}00`];
  return province === undefined || city === undefined ? null : { code, province, city, district };
}

/** A municipality is named once: 北京市东城区, not 北京市北京市东城区. */
export function regionText({ province, city, district }: Region): string {
  return province === city ? `${province}${district}` : `${province}${city}${district}`;
}

/** What may stand in a freight rule: a province, a city or a district. */
export function isRegionCode(code: string): boolean {
  const { province_list: provinces, city_list: cities, county_list: districts } = areaList;
  return code in provinces || code in cities || code in districts;
}

/** How closely a rule's code fits a district: 3 the district itself, 2 its city, 1 its province, 0 not at all. */
export function fitOf(ruleCode: string, districtCode: string): 0 | 1 | 2 | 3 {
  if (ruleCode === districtCode) return 3;
  if (ruleCode === `${districtCode.slice(0, 4)}00`) return 2;
  return ruleCode === `${districtCode.slice(0, 2)}0000` ? 1 : 0;
}

/** `[code, name, children]`, as a page's picker reads it. */
export type RegionNode = readonly [code: string, name: string, children: readonly RegionNode[]];

let tree: readonly RegionNode[] | null = null;

export function regionTree(): readonly RegionNode[] {
  tree ??= build();
  return tree;
}

function build(): RegionNode[] {
  const nodes = (
    list: Readonly<Record<string, string>>,
    prefix: string,
    digits: number,
    below: (code: string) => RegionNode[],
  ): RegionNode[] =>
    Object.entries(list)
      .filter(([code]) => code.startsWith(prefix))
      .map(([code, name]) => [code, name, below(code.slice(0, digits))] as const);
  return nodes(areaList.province_list, "", 2, (province) =>
    nodes(areaList.city_list, province, 4, (city) =>
      nodes(areaList.county_list, city, 6, () => []),
    ),
  ).filter(([, , cities]) => cities.length > 0);
}
