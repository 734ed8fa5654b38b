/** What a generated client calls a route: `get /api/v1/sales` → `listSales`, `post /api/v1/orders/{orderId}/cancel` → `cancelOrder`. */

const VERBS = { get: "get", put: "save", delete: "delete", post: "create" } as const;

/** Many of them are called as one is. */
const SAME_FOR_MANY = /^(?:after-sales|goods|sale-goods)$/;
const HAS_NO_SINGULAR = /(?:after-sales|goods|points|settings|terms)$/;

function singular(word: string): string {
  if (HAS_NO_SINGULAR.test(word)) return word;
  return word
    .replace(/people$/, "person")
    .replace(/ies$/, "y")
    .replace(/sses$/, "ss")
    .replace(/([^s])s$/, "$1");
}

const isOfMany = (word: string): boolean => SAME_FOR_MANY.test(word) || singular(word) !== word;
const isParam = (word: string | undefined): boolean => word?.startsWith("{") === true;
const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** A POST names what it makes, or is itself the act. Routes for which neither reads well say their own `operationId`. */
export function operationIdOf(method: keyof typeof VERBS, path: string): string {
  const parts = path
    .replace(/^\/(?:api\/)?(?:v1\/)?/, "")
    .replace(/^me\//, "my/")
    .split("/");
  const last = parts.at(-1) ?? "";
  const words = parts
    .map((part, at) => (isParam(parts[at + 1]) ? singular(part) : part))
    .filter((part) => !isParam(part));
  let verb: string = VERBS[method];
  if (method === "get" && isOfMany(last)) verb = "list";
  if (method === "post" && !isParam(last)) {
    words.pop();
    if (isOfMany(last)) words.push(singular(last));
    else {
      verb = last;
      if (words.length === 1 && words[0] === "my") words.pop();
    }
  }
  const [first = "", ...more] = [verb, ...words].join("-").split(/[^0-9A-Za-z]+/);
  return first + more.map(capital).join("");
}
