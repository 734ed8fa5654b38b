import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Colleague, Role, Store } from "../../../worker/staff/wire.ts";
import {
  Button,
  ChoicesField,
  Dialog,
  FormDialog,
  SwitchField,
  TextField,
  useConsole,
  useForm,
  useToast,
  useWords,
  type Form,
} from "../kit/index.ts";
import { reasoned, useReason, useRoleName } from "./rights.ts";
import { PEOPLE } from "./words.ts";

/** What is shown once, for one person. */
export interface Link {
  readonly path: string;
  readonly help: string;
}

interface Rights {
  readonly roles: readonly Role[];
  readonly stores: readonly Store[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

interface RightsValues {
  readonly roleIds: readonly string[];
  readonly storeIds: readonly string[];
}

/** Roles and stores, for an invite and for a colleague. */
function RightsFields<Values extends RightsValues>({
  form,
  roles,
  stores,
}: {
  form: Form<Values>;
  roles: readonly Role[];
  stores: readonly Store[];
}): JSX.Element {
  const words = useWords(PEOPLE);
  const roleName = useRoleName(roles);
  // What follows asks for these two values only.
  const rights = form as unknown as Form<RightsValues>;
  const active = stores.filter(({ state }) => state === "active");
  return (
    <>
      <ChoicesField
        {...{ form: rights, name: "roleIds", label: words.roles, required: true }}
        options={roles.map(({ roleId }) => ({ value: roleId, title: roleName(roleId) }))}
      />
      {active.length > 0 && (
        <ChoicesField
          {...{ form: rights, name: "storeIds", label: words.stores, help: words.storesHelp }}
          options={active.map(({ storeId, name }) => ({ value: storeId, title: name }))}
        />
      )}
    </>
  );
}

const boundTo = (storeIds: readonly string[]): readonly string[] | null =>
  storeIds.length === 0 ? null : storeIds;

export function InviteDialog({
  onLink,
  ...rights
}: Rights & { onLink: (link: Link) => void }): JSX.Element {
  const words = useWords(PEOPLE);
  const { call } = useConsole();
  const reason = useReason();
  const form = useForm<RightsValues & { email: string }, { path: string }>({
    initial: { email: "", roleIds: ["operations"], storeIds: [] },
    save: async ({ email, roleIds, storeIds }) => {
      const body = { email: email.trim(), roleIds, storeIds: boundTo(storeIds) };
      return reasoned(await call<{ path: string }>("POST", "/api/v1/staff/invites", body), reason);
    },
    onSaved: ({ path }, { email }) => onLink({ path, help: words.linkHelp(email.trim()) }),
  });
  return (
    <FormDialog title={words.inviteTitle} onClose={rights.onClose} form={form} act={words.create}>
      <TextField
        {...{ form, name: "email", label: words.email, help: words.inviteHelp, type: "email" }}
        autocomplete="off"
        required
      />
      <RightsFields form={form} roles={rights.roles} stores={rights.stores} />
    </FormDialog>
  );
}

export function RightsDialog({ person, ...rights }: Rights & { person: Colleague }): JSX.Element {
  const words = useWords(PEOPLE);
  const { call } = useConsole();
  const toast = useToast();
  const reason = useReason();
  const form = useForm<RightsValues, Colleague, Colleague>({
    initial: { roleIds: person.roleIds, storeIds: person.storeIds ?? [] },
    save: async ({ roleIds, storeIds }, over) => {
      const { version, state } = over ?? person;
      const body = { roleIds, storeIds: boundTo(storeIds), state, version };
      return reasoned(
        await call<Colleague>("PUT", `/api/v1/staff/people/${person.staffId}`, body),
        reason,
      );
    },
    fromStored: ({ roleIds, storeIds }) => ({ roleIds, storeIds: storeIds ?? [] }),
    onSaved: () => {
      toast.show({ text: words.saved });
      rights.onDone();
      rights.onClose();
    },
  });
  return (
    <FormDialog title={person.name} onClose={rights.onClose} form={form} act={words.edit}>
      <RightsFields form={form} roles={rights.roles} stores={rights.stores} />
    </FormDialog>
  );
}

export function ResetDialog({
  person,
  onClose,
  onLink,
}: {
  person: Colleague;
  onClose: () => void;
  onLink: (link: Link) => void;
}): JSX.Element {
  const words = useWords(PEOPLE);
  const { call } = useConsole();
  const reason = useReason();
  const form = useForm<{ dropsSecondStep: boolean }, { path: string }>({
    initial: { dropsSecondStep: false },
    save: async (values) =>
      reasoned(
        await call<{ path: string }>(
          "POST",
          `/api/v1/staff/people/${person.staffId}/reset`,
          values,
        ),
        reason,
      ),
    onSaved: ({ path }) => onLink({ path, help: words.resetHelp(person.name) }),
  });
  return (
    <FormDialog
      title={words.resetAsk(person.name)}
      onClose={onClose}
      form={form}
      act={words.create}
    >
      <SwitchField
        {...{
          form,
          name: "dropsSecondStep",
          label: words.dropSecond,
          help: words.dropSecondHelp,
        }}
      />
    </FormDialog>
  );
}

export function LinkDialog({ link, onClose }: { link: Link; onClose: () => void }): JSX.Element {
  const words = useWords(PEOPLE);
  const [isCopied, setCopied] = useState(false);
  const address = new URL(link.path, location.origin).href;
  return (
    <Dialog
      title={words.linkTitle}
      onClose={onClose}
      foot={
        <>
          <Button
            icon={isCopied ? "check" : "copy"}
            onClick={() => void navigator.clipboard.writeText(address).then(() => setCopied(true))}
          >
            {isCopied ? words.copied : words.copy}
          </Button>
          <Button kind="primary" onClick={onClose}>
            {words.close}
          </Button>
        </>
      }
    >
      <div class="stack">
        <p>{link.help}</p>
        <input
          class="in"
          readOnly
          value={address}
          aria-label={words.linkTitle}
          onFocus={(event) => event.currentTarget.select()}
        />
      </div>
    </Dialog>
  );
}
