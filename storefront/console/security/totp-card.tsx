import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { renderSVG } from "uqr";
import type { Security } from "../../../worker/staff/wire.ts";
import {
  Badge,
  Button,
  Card,
  Dialog,
  FormAct,
  FormView,
  TextField,
  useConsole,
  useForm,
  useToast,
  useWords,
  type Answer,
} from "../kit/index.ts";
import { AskDialog, useSpoken } from "./ask-dialog.tsx";
import { SECURITY } from "./words.ts";

interface Begun {
  readonly secret: string;
  readonly uri: string;
}

type What = "begin" | "remove" | "codes";

const PATH = "/api/v1/staff/me/totp";

/** Acts that take away what worked so far. */
const ASKS = {
  codes: { title: "codesRenew", why: "codesRenewWhy" },
  remove: { title: "totp", why: "totpOffWhy" },
} as const;

/** The authenticator app: off, being set up, or on with its recovery codes. */
export function TotpCard({
  state,
  onChange,
}: {
  state: Security;
  onChange: () => void;
}): JSX.Element {
  const words = useWords(SECURITY);
  const { call } = useConsole();
  const toast = useToast();
  const [asking, setAsking] = useState<What | null>(null);
  const [begun, setBegun] = useState<Begun | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const save = async (what: What, password: string): Promise<Answer<unknown>> => {
    if (what === "begin") {
      const answer = await call<Begun>("POST", PATH, { password });
      if (answer.ok) setBegun(answer.value);
      return answer;
    }
    if (what === "codes") {
      const path = "/api/v1/staff/me/recovery-codes";
      const answer = await call<{ codes: string[] }>("POST", path, { password });
      if (answer.ok) setCodes(answer.value.codes);
      return answer;
    }
    const answer = await call("POST", `${PATH}/remove`, { password });
    if (answer.ok) toast.show({ text: words.totpOffDone });
    onChange();
    return answer;
  };
  return (
    <Card
      title={words.totp}
      note={words.totpWhy}
      acts={
        <Badge tone={state.hasTotp ? "ok" : "warn"}>{state.hasTotp ? words.on : words.off}</Badge>
      }
    >
      <TotpActs state={state} onAsk={setAsking} />
      {asking && (
        <AskDialog
          title={asking === "begin" ? words.askPassword : words[ASKS[asking].title]}
          act={asking === "remove" ? words.totpOff : words.go}
          why={asking === "begin" ? undefined : words[ASKS[asking].why]}
          onClose={() => setAsking(null)}
          save={({ password }) => save(asking, password)}
        />
      )}
      {begun && (
        <ScanDialog
          begun={begun}
          onClose={() => setBegun(null)}
          onCodes={(given) => {
            setBegun(null);
            setCodes(given);
          }}
        />
      )}
      {codes && (
        <CodesDialog
          codes={codes}
          onClose={() => {
            setCodes(null);
            onChange();
          }}
        />
      )}
    </Card>
  );
}

function TotpActs({ state, onAsk }: { state: Security; onAsk: (what: What) => void }): JSX.Element {
  const words = useWords(SECURITY);
  return (
    <div class="row">
      {state.hasTotp ? (
        <>
          <span class="sec">{words.codesLeft(state.recoveryCodesLeft)}</span>
          <Button onClick={() => onAsk("codes")}>{words.codesRenew}</Button>
          <Button kind="danger" onClick={() => onAsk("remove")}>
            {words.totpOff}
          </Button>
        </>
      ) : (
        <Button kind="primary" onClick={() => onAsk("begin")}>
          {words.totpOn}
        </Button>
      )}
    </div>
  );
}

function ScanDialog({
  begun,
  onClose,
  onCodes,
}: {
  begun: Begun;
  onClose: () => void;
  onCodes: (codes: readonly string[]) => void;
}): JSX.Element {
  const words = useWords(SECURITY);
  const { call } = useConsole();
  const speak = useSpoken();
  const form = useForm<{ code: string }, { codes: string[] }>({
    initial: { code: "" },
    save: async (values) =>
      speak(await call<{ codes: string[] }>("POST", `${PATH}/confirm`, values)),
    onSaved: ({ codes }) => onCodes(codes),
  });
  return (
    <Dialog
      title={words.totp}
      onClose={onClose}
      acts={<FormAct form={form}>{words.confirm}</FormAct>}
    >
      <div class="stack">
        <p>{words.totpScan}</p>
        {/* Drawn here from our own server's text: nobody else learns the secret. Black on white, or phones do not read it. */}
        <div
          class="qr"
          role="img"
          aria-label={words.totpScan}
          dangerouslySetInnerHTML={{ __html: renderSVG(begun.uri, { border: 2 }) }}
        />
        <p class="note mute">
          {words.totpSecret}: <code>{begun.secret.replaceAll(/(.{4})(?=.)/g, "$1 ")}</code>
        </p>
        <FormView form={form} quiet>
          <TextField
            {...{ form, name: "code", label: words.code }}
            autocomplete="one-time-code"
            maxLength={6}
            required
          />
        </FormView>
      </div>
    </Dialog>
  );
}

function CodesDialog({
  codes,
  onClose,
}: {
  codes: readonly string[];
  onClose: () => void;
}): JSX.Element {
  const words = useWords(SECURITY);
  const [href] = useState(() =>
    URL.createObjectURL(new Blob([`${codes.join("\n")}\n`], { type: "text/plain" })),
  );
  return (
    <Dialog
      title={words.codesTitle}
      onClose={onClose}
      foot={
        <>
          <a class="btn line" href={href} download="recovery-codes.txt">
            {words.download}
          </a>
          <Button kind="primary" onClick={onClose}>
            {words.codesDone}
          </Button>
        </>
      }
    >
      <div class="stack">
        <p>{words.codesWhy}</p>
        <ul class="codes">
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
