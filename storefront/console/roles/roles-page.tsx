import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Role, Roles } from "../../../worker/staff/wire.ts";
import {
  Button,
  Card,
  Failed,
  Icon,
  Loading,
  PageHead,
  useConfirm,
  useConsole,
  useRead,
  useToast,
  useUndo,
  type Answer,
  useWords,
  CsvButton,
  type CsvColumn,
} from "../kit/index.ts";
import { useReason, useRoleName } from "../people/rights.ts";
import { RoleDialog } from "./role-dialog.tsx";
import "./roles.css";
import { ROLES } from "./words.ts";

/** Every permission against every role: what a role may is seen, and not read out of a list. */
export function RolesPage(): JSX.Element {
  const words = useWords(ROLES);
  const { may } = useConsole();
  const { value, problem, again } = useRead<Roles>("/api/v1/staff/roles");
  const [open, setOpen] = useState<Role | "new" | null>(null);
  return (
    <>
      <PageHead title={words.title} note={words.note}>
        {may("staff.write") && (
          <Button kind="primary" icon="plus" onClick={() => setOpen("new")}>
            {words.add}
          </Button>
        )}
      </PageHead>
      {problem ? (
        <Failed problem={problem} onRetry={again} />
      ) : value ? (
        <Card flush>
          <Matrix roles={value} onEdit={setOpen} onChange={again} />
        </Card>
      ) : (
        <Loading rows={12} />
      )}
      {open !== null && value && (
        <RoleDialog
          role={open === "new" ? null : open}
          permissions={value.permissions}
          onClose={() => setOpen(null)}
          onDone={again}
        />
      )}
    </>
  );
}

function Matrix({
  roles,
  onEdit,
  onChange,
}: {
  roles: Roles;
  onEdit: (role: Role) => void;
  onChange: () => void;
}): JSX.Element {
  const words = useWords(ROLES);
  const { may } = useConsole();
  const roleName = useRoleName(roles.items);
  return (
    <>
      <RolesCsv roles={roles} />
      <div class="table-scroll matrix" tabIndex={0} role="region" aria-label={words.title}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.permission}</th>
              {roles.items.map((role) => (
                <th key={role.roleId} scope="col">
                  {roleName(role.roleId)}
                  <div class="note mute">{words.people(role.people)}</div>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {roles.permissions.map((permission) => (
              <tr key={permission}>
                <th scope="row">
                  <span title={permission}>{words.permissions[permission]}</span>
                </th>
                {roles.items.map((role) => {
                  const has = role.permissions.includes(permission);
                  return (
                    <td key={role.roleId} class={has ? "has" : ""}>
                      {has && <Icon name="check" size={16} />}
                      <span class="sr">{has ? words.yes : words.no}</span>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
          {may("staff.write") && roles.items.some(({ version }) => version > 0) && (
            <tfoot>
              <tr>
                <td />
                {roles.items.map((role) => (
                  <td key={role.roleId}>
                    {role.version > 0 && (
                      <RoleActs
                        role={role}
                        name={roleName(role.roleId)}
                        onEdit={onEdit}
                        onChange={onChange}
                      />
                    )}
                  </td>
                ))}
              </tr>
            </tfoot>
          )}
        </table>
      </div>
    </>
  );
}

function RolesCsv({ roles }: { roles: Roles }): JSX.Element {
  const words = useWords(ROLES);
  const roleName = useRoleName(roles.items);
  return (
    <div class="table-bar">
      <div class="acts">
        <CsvButton
          name={words.title}
          rows={roles.permissions}
          columns={[
            [words.permission, (permission) => words.permissions[permission]],
            ...roles.items.map((role): CsvColumn<(typeof roles.permissions)[number]> => [
              roleName(role.roleId),
              (permission) => (role.permissions.includes(permission) ? words.yes : words.no),
            ]),
          ]}
        />
      </div>
    </div>
  );
}

function RoleActs({
  role,
  name,
  onEdit,
  onChange,
}: {
  role: Role;
  name: string;
  onEdit: (role: Role) => void;
  onChange: () => void;
}): JSX.Element {
  const words = useWords(ROLES);
  const { call } = useConsole();
  const toast = useToast();
  const sayUndo = useUndo();
  const confirm = useConfirm();
  const reason = useReason();
  const remove = async (): Promise<void> => {
    if (role.people > 0) return toast.show({ text: words.inUse, tone: "danger" });
    const question = {
      ...{ title: words.removeAsk(name), body: words.removeBody },
      ...{ act: words.remove, danger: true },
    };
    if (!(await confirm(question))) return;
    const answer = await call(
      "DELETE",
      `/api/v1/staff/roles/${role.roleId}?version=${role.version}`,
    );
    onChange();
    if (!answer.ok) return toast.refuse(reason(answer.problem));
    const { roleId, permissions } = role;
    const back = (): Promise<Answer<unknown>> =>
      call("POST", "/api/v1/staff/roles", { roleId, name: role.name, permissions });
    sayUndo({ text: words.removed, back, again: onChange });
  };
  return (
    <div class="stack-1">
      <Button size="sm" label={`${words.edit} ${name}`} onClick={() => onEdit(role)}>
        {words.edit}
      </Button>
      <Button size="sm" kind="link" label={`${words.remove} ${name}`} onClick={() => void remove()}>
        {words.remove}
      </Button>
    </div>
  );
}
