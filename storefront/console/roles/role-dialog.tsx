import type { JSX } from "preact";
import type { Permission } from "../../../worker/kernel/permission.ts";
import type { Role } from "../../../worker/staff/wire.ts";
import {
  ChoicesField,
  FormDialog,
  TextField,
  useConsole,
  useForm,
  useToast,
  useWords,
} from "../kit/index.ts";
import { reasoned, useReason } from "../people/rights.ts";
import { ROLES } from "./words.ts";

interface Values {
  readonly roleId: string;
  readonly name: string;
  readonly permissions: readonly string[];
}

const valuesOf = ({ roleId, name, permissions }: Role): Values => ({
  ...{ roleId, name: name ?? "", permissions },
});

const PATH = "/api/v1/staff/roles";

/** A role of the programme's own. What its maker does not hold is shown and cannot be given. */
export function RoleDialog({
  role,
  permissions,
  onClose,
  onDone,
}: {
  /** Null: a new one. */
  role: Role | null;
  permissions: readonly Permission[];
  onClose: () => void;
  onDone: () => void;
}): JSX.Element {
  const words = useWords(ROLES);
  const { call, may } = useConsole();
  const toast = useToast();
  const reason = useReason();
  const form = useForm<Values, Role, Role>({
    initial: role ? valuesOf(role) : { roleId: "", name: "", permissions: ["goods.read"] },
    save: async ({ roleId, name, permissions: held }, over) => {
      const shared = { name, permissions: held };
      const answer = role
        ? await call<Role>("PUT", `${PATH}/${role.roleId}`, {
            ...shared,
            version: (over ?? role).version,
          })
        : await call<Role>("POST", PATH, { ...shared, roleId });
      return reasoned(answer, reason);
    },
    fromStored: valuesOf,
    onSaved: () => {
      toast.show({ text: words.saved });
      onDone();
      onClose();
    },
  });
  return (
    <FormDialog
      title={role ? (role.name ?? role.roleId) : words.add}
      wide
      onClose={onClose}
      form={form}
      act={role ? words.edit : words.create}
    >
      <TextField {...{ form, name: "name", label: words.name }} maxLength={40} required />
      {!role && (
        <TextField
          {...{ form, name: "roleId", label: words.roleId, help: words.roleIdHelp }}
          maxLength={32}
          required
        />
      )}
      <ChoicesField
        {...{ form, name: "permissions", label: words.permission }}
        options={permissions
          .filter((one) => may(one) || form.values.permissions.includes(one))
          .map((one) => ({ value: one, title: words.permissions[one] }))}
      />
    </FormDialog>
  );
}
