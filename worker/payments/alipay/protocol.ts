/** Alipay's open platform with RSA2: which text is signed, and where the signed part of an answer lies. */
import { sign, verify } from "../rsa.ts";

export type Fields = Readonly<Record<string, string>>;

/** Names in order, `name=value` joined by `&`; empty values and the names left out do not count. */
export function signedText(fields: Fields, without: readonly string[]): string {
  return Object.keys(fields)
    .filter((name) => fields[name] !== "" && !without.includes(name))
    .toSorted()
    .map((name) => `${name}=${fields[name]}`)
    .join("&");
}

/** A request is signed with everything but the signature itself. */
export async function signedRequest(fields: Fields, key: CryptoKey): Promise<URLSearchParams> {
  const signature = await sign(key, signedText(fields, ["sign"]));
  return new URLSearchParams({ ...fields, sign: signature });
}

/** A notification leaves out the kind of its signature too. */
export function isNoticeProven(fields: Fields, key: CryptoKey): Promise<boolean> {
  const text = signedText(fields, ["sign", "sign_type"]);
  return verify(key, text, fields["sign"] ?? "");
}

/**
 * The text of an answer's own object, byte for byte as it came, which is what is signed. Braces inside of texts do not
 * count. Null: there is no such object.
 */
export function signedNode(body: string, name: string): string | null {
  const head = body.indexOf(`"${name}"`);
  const start = head === -1 ? -1 : body.indexOf("{", head);
  if (start === -1) return null;
  let depth = 0;
  let isText = false;
  for (let at = start; at < body.length; at += 1) {
    const one = body[at];
    if (isText) {
      if (one === "\\") at += 1;
      else if (one === '"') isText = false;
    } else if (one === '"') isText = true;
    else if (one === "{") depth += 1;
    else if (one === "}") {
      depth -= 1;
      if (depth === 0) return body.slice(start, at + 1);
    }
  }
  return null;
}
