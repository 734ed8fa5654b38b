import type { JSX } from "preact";
import { useState } from "preact/hooks";
import {
  Button,
  Card,
  Failed,
  FormView,
  Loading,
  PageHead,
  useConsole,
  useForm,
  useRead,
  useToast,
  useWords,
  type Tell,
} from "../kit/index.ts";
import { Check, Select, Text } from "../value-fields/index.tsx";
import { Secret } from "./secret-field.tsx";
import type { Channels, ChannelsView, TicketKey } from "./types.ts";
import { WORDS, type Words } from "./words.ts";

interface Part {
  channels: Channels;
  set: (more: Partial<Channels>) => void;
  words: Words;
}

const NO_WECHAT = {
  ...{ appId: "", appSecret: null, asksProfile: false, relayUrl: null, relaySecret: null },
};

function WechatCard({ channels, set, words }: Part): JSX.Element {
  const { wechat } = channels;
  return (
    <Card title={words.wechat}>
      <Check
        label={words.isOn}
        value={wechat !== null}
        set={(isOn) => set({ wechat: isOn ? NO_WECHAT : null })}
      />
      {wechat && (
        <>
          <Text
            label={words.appId}
            value={wechat.appId}
            set={(appId) => set({ wechat: { ...wechat, appId: appId.trim() } })}
          />
          <Secret
            label={words.appSecret}
            value={wechat.appSecret}
            words={words}
            set={(appSecret) => set({ wechat: { ...wechat, appSecret } })}
          />
          <Check
            label={words.asksProfile}
            value={wechat.asksProfile}
            set={(asksProfile) => set({ wechat: { ...wechat, asksProfile } })}
          />
          <Text
            label={words.relayUrl}
            value={wechat.relayUrl ?? ""}
            help={words.relayHelp}
            set={(text) => set({ wechat: { ...wechat, relayUrl: text.trim() || null } })}
          />
          <Secret
            label={words.relaySecret}
            value={wechat.relaySecret}
            words={words}
            set={(relaySecret) => set({ wechat: { ...wechat, relaySecret } })}
          />
        </>
      )}
    </Card>
  );
}

function PhoneCard({ channels, set, words }: Part): JSX.Element {
  const { phone } = channels;
  return (
    <Card title={words.phone}>
      <Check
        label={words.isOn}
        value={phone.isOn}
        set={(isOn) => set({ phone: { ...phone, isOn } })}
      />
      <Text
        label={words.gatewayUrl}
        value={phone.gatewayUrl ?? ""}
        help={words.gatewayHelp}
        set={(text) => set({ phone: { ...phone, gatewayUrl: text.trim() || null } })}
      />
      <Secret
        label={words.gatewaySecret}
        value={phone.gatewaySecret}
        words={words}
        set={(gatewaySecret) => set({ phone: { ...phone, gatewaySecret } })}
      />
    </Card>
  );
}

const ALGORITHMS = ["HS256", "EdDSA"] as const;

function KeyFields(props: {
  value: TicketKey;
  change: (key: TicketKey) => void;
  remove: () => void;
  words: Words;
}): JSX.Element {
  const { value, change, remove, words } = props;
  return (
    <div class="ch-key">
      <Text
        label={words.keyId}
        value={value.keyId}
        set={(keyId) => change({ ...value, keyId: keyId.trim() })}
      />
      <Select
        label={words.algorithm}
        value={value.algorithm}
        options={ALGORITHMS.map((one) => ({ value: one, title: one }))}
        set={(algorithm) => change({ ...value, algorithm, publicKey: null, secret: null })}
      />
      {value.algorithm === "EdDSA" ? (
        <Text
          label={words.publicKey}
          value={value.publicKey ?? ""}
          rows={4}
          set={(text) => change({ ...value, publicKey: text || null })}
        />
      ) : (
        <Secret
          label={words.secret}
          value={value.secret}
          words={words}
          set={(secret) => change({ ...value, secret })}
        />
      )}
      <div class="acts">
        <Button size="sm" icon="trash" onClick={remove}>
          {words.removeKey}
        </Button>
      </div>
    </div>
  );
}

function TicketsCard({ channels, set, words }: Part): JSX.Element {
  const { ticketKeys } = channels;
  const fresh: TicketKey = { keyId: "", algorithm: "HS256", publicKey: null, secret: null };
  const placed = ticketKeys.map((key, at) => ({ key, at }));
  return (
    <Card title={words.tickets} note={words.ticketsHelp}>
      {placed.map(({ key, at }) => (
        <KeyFields
          key={`key ${at}`}
          value={key}
          words={words}
          change={(changed) => set({ ticketKeys: ticketKeys.with(at, changed) })}
          remove={() => set({ ticketKeys: ticketKeys.toSpliced(at, 1) })}
        />
      ))}
      {ticketKeys.length < 4 && (
        <div class="acts">
          <Button size="sm" icon="plus" onClick={() => set({ ticketKeys: [...ticketKeys, fresh] })}>
            {words.addKey}
          </Button>
        </div>
      )}
    </Card>
  );
}

const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

const fileLines = (files: Channels["verifyFiles"]): string[] =>
  files.map(({ name, content }) => `${name} ${content}`.trim());

/** Lines as they are typed, and anew when the list is changed by another hand. */
function useLines(list: readonly string[]): [string, (text: string) => void] {
  const [text, setText] = useState(list.join("\n"));
  const isOther = JSON.stringify(linesOf(text)) !== JSON.stringify(list);
  const shown = isOther ? list.join("\n") : text;
  return [shown, setText];
}

function PlacesCard({ channels, set, words }: Part): JSX.Element {
  // As typed: a half-written line is no origin yet, and must not vanish under the cursor.
  const [origins, setOrigins] = useLines(channels.embedOrigins);
  const [files, setFiles] = useLines(fileLines(channels.verifyFiles));
  const activities = ["invite", "tasks", "check_in", "poster"] as const;
  const { hiddenInWechat: hidden } = channels;
  return (
    <Card title={words.embed}>
      <Text
        label={words.embedOrigins}
        value={origins}
        rows={4}
        help={words.embedHelp}
        set={(text) => {
          setOrigins(text);
          set({ embedOrigins: linesOf(text) });
        }}
      />
      <Text
        label={words.files}
        value={files}
        rows={3}
        help={words.filesHelp}
        set={(text) => {
          setFiles(text);
          set({
            verifyFiles: linesOf(text).map((line) => {
              const [name = "", content = ""] = line.split(/\s+/);
              return { name, content };
            }),
          });
        }}
      />
      <fieldset class="ch-group">
        <legend>{words.rules}</legend>
        {activities.map((one) => (
          <Check
            key={one}
            label={words.activities[one]}
            value={hidden.includes(one)}
            set={(isHidden) =>
              set({
                hiddenInWechat: isHidden
                  ? [...hidden, one]
                  : hidden.filter((other) => other !== one),
              })
            }
          />
        ))}
        <p class="note mute">{words.rulesHelp}</p>
      </fieldset>
    </Card>
  );
}

/** A secret that the server keeps goes back as null: it stays as it is. */
function forSaving(channels: Channels): unknown {
  return JSON.parse(
    JSON.stringify(channels, (name, value: unknown) =>
      /[sS]ecret$/.test(name) && value === true ? null : value,
    ),
  );
}

type View = Pick<ChannelsView, "channels" | "revision">;

function ChannelsForm({ stored, onStored }: { stored: View; onStored: (view: View) => void }) {
  const words = useWords(WORDS);
  const toast = useToast();
  const { call, may } = useConsole();
  const form = useForm<Channels, View, View>({
    initial: stored.channels,
    stored,
    fromStored: ({ channels }) => channels,
    tell: tellOf(words),
    save: (channels, over) =>
      call("PUT", "/api/v1/staff/channels", {
        ...{ revision: (over ?? stored).revision, channels: forSaving(channels) },
      }),
    onSaved: (saved) => {
      onStored(saved);
      toast.show({ text: words.saved, tone: "ok" });
    },
  });
  form.register("verifyFiles", words.files, (files) =>
    fileLines(files as Channels["verifyFiles"]).join(" · "),
  );
  const part = { words, channels: form.values, set: form.set };
  return (
    <>
      <PageHead title={words.title}>
        {may("settings.write") && (
          <Button kind="primary" busy={form.isSaving} onClick={() => void form.submit()}>
            {words.save}
          </Button>
        )}
      </PageHead>
      <FormView form={form} quiet readOnly={!may("settings.write")}>
        <div class="grid cols-2">
          <div class="stack">
            <WechatCard {...part} />
            <TicketsCard {...part} />
          </div>
          <div class="stack">
            <PhoneCard {...part} />
            <PlacesCard {...part} />
          </div>
        </div>
      </FormView>
    </>
  );
}

const SECRET = "••••••";

/** Fields by the last word of their path, which is one of its own or that of the card. */
function tellOf(words: Words): Tell {
  const cards: Readonly<Record<string, string>> = {
    ...{ wechat: words.wechat, phone: words.phone, ticketKeys: words.tickets },
    ...{ embedOrigins: words.embedOrigins, verifyFiles: words.files, hiddenInWechat: words.rules },
  };
  const fields: Readonly<Partial<Record<string, unknown>>> = words;
  return {
    label: (path) => {
      const [card = "", ...below] = path.split(".");
      const last = fields[below.at(-1) ?? ""];
      return [cards[card] ?? card, ...(typeof last === "string" ? [last] : [])].join(" · ");
    },
    text: (path, value) => {
      if (/secret$/i.test(path) && value !== null) return SECRET;
      if (!path.startsWith("hiddenInWechat") || !Array.isArray(value)) return null;
      const hidden = value as Channels["hiddenInWechat"];
      return hidden.map((one) => words.activities[one]).join(" · ") || null;
    },
  };
}

export function ChannelsPage(): JSX.Element {
  const words = useWords(WORDS);
  const read = useRead<ChannelsView>("/api/v1/staff/channels");
  if (read.value) return <ChannelsForm stored={read.value} onStored={read.put} />;
  return (
    <>
      <PageHead title={words.title} />
      {read.problem ? <Failed problem={read.problem} onRetry={read.again} /> : <Loading />}
    </>
  );
}
