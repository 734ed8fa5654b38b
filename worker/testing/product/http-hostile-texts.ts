/** Texts that are markup and a formula, and the documents of a merchant that consist of them. */

/** Begins as a formula does; ends an attribute, a script and a comment; brings markup that runs by itself. */
const HOSTILE = `=9+9"'--></script><img src=x onerror=pwned=1><svg onload=pwned=1>`;
/** The same where there is less room; `hostile` is no element of ours. */
const LESS = [`="><img src=x onerror=p=1>`, `"><hostile>`, `<i x=>`];

/** A text that does as much harm as fits. */
export function say(max = HOSTILE.length): string {
  return [HOSTILE, ...LESS].find(({ length }) => length <= max) ?? "";
}

const PICTURE = { path: "/goods/placeholder.svg", width: 400, height: 400, alt: say() };

/** With every text that goods have. */
export const hostileGoods = (kind: string) => ({
  ...{ title: say(120), subtitle: say(120), kind, tags: [say(20)], pictures: [PICTURE] },
  ...{ categoryId: "hostile", brandId: "hostile" },
  description: [
    { kind: "heading", text: say() },
    { kind: "list", items: [say()] },
    { kind: "facts", facts: [{ name: say(40), value: say() }] },
    { kind: "picture", picture: PICTURE },
  ],
  axes: [{ name: say(), values: [say()] }],
  skus: [{ values: [say()], pricePoints: 100, lowStockUnits: 50, picture: PICTURE }],
  supplier: { name: say(120), code: say(64), isDropShipped: false },
});

const words = { title: say(24), link: "/g" };
const slide = { ...words, picture: PICTURE.path, alt: say(60), note: say(40) };
const goods = { type: "goods", title: say(24), layout: "grid", max: 3, showsBands: false };
const away = `[${say()}](javascript:pwned=1) [x](//evil.example) [x](data:text/html,x)`;

/** Every block that has a text. */
export const PAGE = {
  title: say(24),
  share: { title: say(24), description: say(60), picture: null },
  blocks: [
    { type: "banner", id: "banner", heightPercent: 40, slides: [slide] },
    { type: "notice", id: "notice", text: say(80), link: "/g" },
    {
      ...{ type: "quick", id: "quick" },
      entries: [{ icon: "gift", title: say(8), note: say(10), link: "/g" }],
    },
    { type: "sales", id: "sales", title: say(24), max: 6 },
    { ...goods, id: "goods", source: { kind: "all" } },
    { ...goods, id: "none", source: { kind: "category", category: say(64) } },
    { ...goods, id: "named", source: { kind: "named", skuIds: [say(64)] } },
    { type: "rich_text", id: "words", text: `## ${say()}\n- ${say()}\n${away}` },
    { type: "picture", id: "one", picture: PICTURE.path, alt: say(60), heightPercent: 50 },
  ],
};

export const LOOK = {
  ...{ name: say(24), logo: null, theme: "tea", corners: "small", rules: say(), privacy: away },
  contact: { phone: say(30), hours: say(40) },
};
