/** Passkeys as the browser gives them. The library knows what older browsers lack; it is fetched at the first use. */
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser";
import type { Answer, Call } from "../kit/index.ts";
import type { SignedIn } from "./index.tsx";

const library = () => import("@simplewebauthn/browser");

/** Null: the person, or the browser, gave none. */
export async function signInWithPasskey(call: Call): Promise<Answer<SignedIn> | null> {
  const begun = await call<PublicKeyCredentialRequestOptionsJSON>(
    "POST",
    "/api/v1/staff-auth/passkey/options",
  );
  if (!begun.ok) return begun;
  const { startAuthentication } = await library();
  const answer = await startAuthentication({ optionsJSON: begun.value }).catch(() => null);
  return answer && call<SignedIn>("POST", "/api/v1/staff-auth/passkey", { answer });
}

/** Null: as above. The password is asked again, because a passkey outlives the session. */
export async function addPasskey(
  call: Call,
  { name, password }: { name: string; password: string },
): Promise<Answer<unknown> | null> {
  const path = "/api/v1/staff/me/passkeys";
  const begun = await call<PublicKeyCredentialCreationOptionsJSON>("POST", `${path}/options`, {
    password,
  });
  if (!begun.ok) return begun;
  const { startRegistration } = await library();
  const answer = await startRegistration({ optionsJSON: begun.value }).catch(() => null);
  return answer && call("POST", path, { name, answer });
}
