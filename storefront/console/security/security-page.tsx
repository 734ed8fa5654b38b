import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Security, StaffSession } from "../../../worker/staff/wire.ts";
import {
  Badge,
  Button,
  Card,
  Empty,
  Failed,
  Loading,
  momentOf,
  PageHead,
  useConfirm,
  useConsole,
  useRead,
  useToast,
  useWords,
  type Answer,
} from "../kit/index.ts";
import { addPasskey } from "../sign-in/passkey.ts";
import { AskDialog } from "./ask-dialog.tsx";
import { deviceOf } from "./device.ts";
import "./security.css";
import { TotpCard } from "./totp-card.tsx";
import { SECURITY } from "./words.ts";

const ME = "/api/v1/staff/me";

export function SecurityPage(): JSX.Element {
  const words = useWords(SECURITY);
  const { me } = useConsole();
  const security = useRead<Security>(me.isDevelopment ? null : `${ME}/security`);
  const sessions = useRead<{ items: StaffSession[] }>(me.isDevelopment ? null : `${ME}/sessions`);
  const { value, problem } = security;
  /** What was missing is there: every other page opens with the next look. */
  const changed = (): void => {
    security.again();
    sessions.again();
    if (me.needsSecondStep) location.assign("/console");
  };
  return (
    <>
      <PageHead title={words.title} note={me.email} />
      {me.isDevelopment ? (
        <Card>
          <Empty icon="lock" title={words.development} />
        </Card>
      ) : problem ? (
        <Failed problem={problem} onRetry={security.again} />
      ) : !value ? (
        <Loading />
      ) : (
        <div class="stack">
          {me.needsSecondStep && (
            <div class="refusal" role="alert">
              <p>{words.needed}</p>
            </div>
          )}
          <div class="grid cols-2">
            <PasswordCard state={value} onChange={changed} />
            <TotpCard state={value} onChange={changed} />
          </div>
          <PasskeysCard state={value} onChange={changed} />
          <SessionsCard items={sessions.value?.items ?? null} onChange={sessions.again} />
          <ProgrammesCard />
        </div>
      )}
    </>
  );
}

function PasswordCard({ state, onChange }: { state: Security; onChange: () => void }): JSX.Element {
  const words = useWords(SECURITY);
  const { call } = useConsole();
  const toast = useToast();
  const [isAsking, setAsking] = useState(false);
  const note =
    state.passwordAtMs === null ? undefined : words.changed(momentOf(state.passwordAtMs));
  return (
    <Card title={words.password} note={note}>
      <Button onClick={() => setAsking(true)}>{words.change}</Button>
      {isAsking && (
        <AskDialog
          title={words.change}
          act={words.change}
          with="next"
          onClose={() => setAsking(false)}
          save={async ({ password, next }) => {
            const answer = await call("PUT", `${ME}/password`, { password, next });
            if (answer.ok) {
              toast.show({ text: words.saved });
              onChange();
            }
            return answer;
          }}
        />
      )}
    </Card>
  );
}

function PasskeysCard({ state, onChange }: { state: Security; onChange: () => void }): JSX.Element {
  const words = useWords(SECURITY);
  const { call } = useConsole();
  const toast = useToast();
  const [asking, setAsking] = useState<string | null>(null);
  const add = async (name: string, password: string): Promise<Answer<unknown>> => {
    const answer = await addPasskey(call, { name, password });
    if (answer?.ok) toast.show({ text: words.passkeyAdded });
    if (!answer) toast.show({ text: words.passkeyFailed, tone: "danger" });
    onChange();
    return answer ?? { ok: true, status: 0, value: null };
  };
  const remove = async (credentialId: string, password: string): Promise<Answer<unknown>> => {
    const answer = await call("POST", `${ME}/passkeys/${credentialId}/remove`, { password });
    if (answer.ok) toast.show({ text: words.removed });
    onChange();
    return answer;
  };
  const chosen = state.passkeys.find(({ credentialId }) => credentialId === asking);
  return (
    <Card
      title={words.passkeys}
      note={words.passkeysWhy}
      acts={
        <Button icon="plus" size="sm" onClick={() => setAsking("add")}>
          {words.addPasskey}
        </Button>
      }
    >
      {state.passkeys.length === 0 ? (
        <p class="mute">{words.noPasskeys}</p>
      ) : (
        <ul class="rows">
          {state.passkeys.map(({ credentialId, name, usedAtMs }) => (
            <li key={credentialId}>
              <div>
                <b>{name}</b>
                <p class="note mute">
                  {usedAtMs === null ? words.unused : words.used(momentOf(usedAtMs))}
                </p>
              </div>
              <div class="acts">
                <Button
                  size="sm"
                  kind="danger"
                  label={`${words.remove} ${name}`}
                  onClick={() => setAsking(credentialId)}
                >
                  {words.remove}
                </Button>
              </div>
            </li>
          ))}
        </ul>
      )}
      {asking !== null && (
        <AskDialog
          title={asking === "add" ? words.addPasskey : words.removeAsk(chosen?.name ?? "")}
          act={asking === "add" ? words.go : words.remove}
          why={asking === "add" ? undefined : words.removeWhy}
          {...(asking === "add" ? { with: "name" as const } : {})}
          onClose={() => setAsking(null)}
          save={({ name, password }) =>
            asking === "add" ? add(name, password) : remove(asking, password)
          }
        />
      )}
    </Card>
  );
}

function SessionsCard({
  items,
  onChange,
}: {
  items: readonly StaffSession[] | null;
  onChange: () => void;
}): JSX.Element {
  const words = useWords(SECURITY);
  const { call } = useConsole();
  const toast = useToast();
  const confirm = useConfirm();
  const end = async (sessionId: string, title: string, body: string): Promise<void> => {
    if (!(await confirm({ title, body, act: words.end, danger: true }))) return;
    const answer = await call("DELETE", `${ME}/sessions/${sessionId}`);
    if (answer.ok) toast.show({ text: words.ended });
    else toast.refuse(answer.problem);
    onChange();
  };
  return (
    <Card
      title={words.sessions}
      note={words.sessionsWhy}
      acts={
        items && items.length > 1 ? (
          <Button
            size="sm"
            onClick={() =>
              void end("others", words.endOthers, words.endOthersBody(items.length - 1))
            }
          >
            {words.endOthers}
          </Button>
        ) : undefined
      }
    >
      {!items ? (
        <Loading rows={2} />
      ) : (
        <ul class="rows">
          {items.map((session) => (
            <SessionRow
              key={session.sessionId}
              session={session}
              onEnd={(device) => void end(session.sessionId, words.endAsk(device), words.endBody)}
            />
          ))}
        </ul>
      )}
    </Card>
  );
}

function SessionRow({
  session,
  onEnd,
}: {
  session: StaffSession;
  onEnd: (device: string) => void;
}): JSX.Element {
  const words = useWords(SECURITY);
  const { device, address, method, seenAtMs, isCurrent } = session;
  const name = deviceOf(device) ?? words.unknownDevice;
  const how = (words.methods as Readonly<Record<string, string>>)[method];
  return (
    <li>
      <div>
        <b>{name}</b> {isCurrent && <Badge tone="brand">{words.here}</Badge>}
        <p class="note mute">
          {[how, address, words.seen(momentOf(seenAtMs))].filter(Boolean).join(" · ")}
        </p>
      </div>
      {!isCurrent && (
        <div class="acts">
          <Button size="sm" label={`${words.end} ${name}`} onClick={() => onEnd(name)}>
            {words.end}
          </Button>
        </div>
      )}
    </li>
  );
}

/** For who works in more than one: the way to another. */
function ProgrammesCard(): JSX.Element | null {
  const words = useWords(SECURITY);
  const { me, call } = useConsole();
  const toast = useToast();
  const programmes = me.programmes ?? [];
  if (programmes.length < 2) return null;
  const go = async (programmeId: string): Promise<void> => {
    const answer = await call("PUT", `${ME}/programme`, { programmeId });
    if (answer.ok) location.assign("/console");
    else toast.refuse(answer.problem);
  };
  return (
    <Card title={words.programmes}>
      <ul class="rows">
        {programmes.map(({ programmeId, name }) => (
          <li key={programmeId}>
            <b>{name}</b>
            <div class="acts">
              {programmeId === me.programmeId ? (
                <Badge tone="brand">{words.currentProgramme}</Badge>
              ) : (
                <Button size="sm" onClick={() => void go(programmeId)}>
                  {words.switchTo}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
