import type { JSX } from "preact";
import type { PaymentSettingsView } from "../../../worker/payments/wire.ts";
import {
  Card,
  Failed,
  FormView,
  Loading,
  NumberField,
  PageHead,
  SwitchField,
  TextField,
  useConsole,
  useForm,
  useRead,
  useToast,
  useWords,
} from "../kit/index.ts";
import { FINANCE } from "./words.ts";

const PATH = "/api/v1/staff/finance/settings";
type Account = PaymentSettingsView["accounts"][number];
/** Stands for what was typed, in a comparison of two versions. */
const SECRET = "••••••";

export function SettingsPage(): JSX.Element {
  const words = useWords(FINANCE);
  const { value, problem, again } = useRead<PaymentSettingsView>(PATH);
  const isAlone = value?.accounts.every(({ isEnabled }) => !isEnabled);
  // The first account asks for the most: beside it there is room for all the rest.
  const [longest, ...others] = (value?.accounts ?? []).map((account) => (
    <AccountCard key={account.provider} account={account} onSaved={again} />
  ));
  return (
    <>
      <PageHead
        title={words.settings}
        back={{ href: "/console/finance", title: words.back }}
        note={value?.isPretended ? words.pretended : isAlone ? words.none : undefined}
      />
      {problem ? (
        <Failed problem={problem} onRetry={again} />
      ) : !value ? (
        <Loading />
      ) : (
        <div class="grid cols-2">
          <div class="stack">
            <TermsCard terms={value.terms} onSaved={again} />
            {others}
          </div>
          {longest}
        </div>
      )}
    </>
  );
}

type StoredTerms = PaymentSettingsView["terms"];
type Terms = { flashMinutes: number | null; standingMinutes: number | null };

const termsOf = ({ flashMinutes, standingMinutes }: StoredTerms): Terms => ({
  ...{ flashMinutes, standingMinutes },
});

function TermsCard({ terms, onSaved }: { terms: StoredTerms; onSaved: () => void }): JSX.Element {
  const words = useWords(FINANCE);
  const { call, may } = useConsole();
  const toast = useToast();
  const form = useForm<Terms, unknown, StoredTerms>({
    initial: termsOf(terms),
    stored: terms,
    fromStored: termsOf,
    save: (values, over) =>
      call("PUT", `${PATH}/terms?basedOn=${(over ?? terms).savedAtMs}`, values),
    onSaved: () => {
      toast.show({ text: words.saved });
      onSaved();
    },
  });
  const unit = { unit: words.minutes, min: 1, required: true };
  return (
    <Card title={words.termsTitle} note={words.termsNote}>
      <FormView form={form} oneOfMany readOnly={!may("settings.write")}>
        <NumberField {...{ form, name: "flashMinutes", label: words.flash, ...unit }} />
        <NumberField {...{ form, name: "standingMinutes", label: words.standingOrders, ...unit }} />
      </FormView>
    </Card>
  );
}

interface Values {
  readonly isEnabled: boolean;
  readonly appId: string | null;
  readonly mchId: string | null;
  readonly apiV3Key: string | null;
  readonly merchantSerial: string | null;
  readonly privateKeyPem: string | null;
  readonly publicKeyId: string | null;
  readonly publicKeyPem: string | null;
  readonly certificatesPem: string | null;
}

/** Secrets are never shown again, so none of them comes back. */
const valuesOf = ({ isEnabled, account }: Account): Values => ({
  isEnabled,
  ...{ appId: account?.appId ?? "", mchId: account?.mchId ?? "", apiV3Key: "" },
  ...{ merchantSerial: "", privateKeyPem: "", publicKeyId: account?.publicKeyId ?? "" },
  ...{ publicKeyPem: "", certificatesPem: "" },
});

function AccountCard({ account, onSaved }: { account: Account; onSaved: () => void }): JSX.Element {
  const words = useWords(FINANCE);
  const { call, may } = useConsole();
  const toast = useToast();
  const { provider } = account;
  const shown = account.account;
  const isWechat = provider === "wechat";
  const form = useForm<Values, unknown, Account>({
    initial: valuesOf(account),
    stored: account,
    fromStored: valuesOf,
    tell: { text: (path, value) => (/Key|Pem|Serial/.test(path) && value ? SECRET : null) },
    save: ({ isEnabled, ...all }, over) => {
      const { appId, privateKeyPem, publicKeyPem } = all;
      const given = isWechat ? all : { appId, privateKeyPem, publicKeyPem };
      const basedOn = (over ?? account).savedAtMs ?? 0;
      return call("PUT", `${PATH}/${provider}?basedOn=${basedOn}`, { isEnabled, account: given });
    },
    onSaved: () => {
      toast.show({ text: words.saved });
      onSaved();
    },
  });
  const text = (
    name: Exclude<keyof Values, "isEnabled">,
    label: string,
    rows?: number,
  ): JSX.Element => (
    <TextField
      {...{ form, name, label }}
      {...(rows === undefined ? {} : { rows, help: words.secretHelp })}
    />
  );
  return (
    <Card
      title={words.providers[provider] ?? provider}
      note={shown ? words.current(shown.appId, shown.privateKeyPrint) : words.notSet}
    >
      <p class="note mute">
        {words.notifyUrl} <span class="num">{account.notifyUrl}</span>
      </p>
      <FormView form={form} oneOfMany readOnly={!may("settings.write")}>
        <SwitchField {...{ form, name: "isEnabled", label: words.enabled }} />
        {text("appId", words.appId)}
        {isWechat && text("mchId", words.mchId)}
        {isWechat && (
          <TextField
            {...{ form, name: "apiV3Key", label: words.apiV3Key, help: words.secretHelp }}
            type="password"
            autocomplete="off"
          />
        )}
        {isWechat && text("merchantSerial", words.serial)}
        {text("privateKeyPem", words.privateKey, 3)}
        {isWechat && text("publicKeyId", words.publicKeyId)}
        {text("publicKeyPem", words.publicKey, 3)}
        {isWechat && text("certificatesPem", words.certificates, 2)}
      </FormView>
    </Card>
  );
}
