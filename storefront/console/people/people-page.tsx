import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type {
  Colleague,
  People,
  Roles,
  StaffInvite,
  Store,
  Tenant,
} from "../../../worker/staff/wire.ts";
import {
  Badge,
  Button,
  Card,
  DataTable,
  momentOf,
  PageHead,
  useConfirm,
  useConsole,
  useList,
  useRead,
  useToast,
  useUndo,
  type Answer,
  useWords,
  type Column,
  type RowAction,
} from "../kit/index.ts";
import { InviteDialog, LinkDialog, ResetDialog, RightsDialog, type Link } from "./dialogs.tsx";
import { PolicyCard } from "./policy-card.tsx";
import { useReason, useRoleName } from "./rights.ts";
import { PEOPLE } from "./words.ts";

const PATH = "/api/v1/staff/people";

type Open =
  | { readonly kind: "invite" }
  | { readonly kind: "edit" | "reset"; readonly person: Colleague }
  | { readonly kind: "link"; readonly link: Link };

export function PeoplePage(): JSX.Element {
  const words = useWords(PEOPLE);
  const { may } = useConsole();
  const list = useList<Colleague>({
    path: PATH,
    read: (body: People) => ({ items: body.items, nextCursor: null, total: body.items.length }),
  });
  const team = useRead<People>(PATH);
  const roles = useRead<Roles>("/api/v1/staff/roles");
  const tenant = useRead<Tenant>(may("settings.read") ? "/api/v1/staff/tenant" : null);
  const [open, setOpen] = useState<Open | null>(null);
  const again = (): void => {
    list.again();
    team.again();
  };
  const rights = {
    roles: roles.value?.items ?? [],
    stores: tenant.value?.stores ?? [],
    onClose: () => setOpen(null),
    onDone: again,
  };
  const roleName = useRoleName(rights.roles);
  const actions = useActions(setOpen, again);
  const columns = useColumns(rights.stores, roleName);
  const onLink = (link: Link): void => {
    again();
    setOpen({ kind: "link", link });
  };
  return (
    <>
      <PageHead title={words.title}>
        {may("staff.write") && (
          <Button kind="primary" icon="plus" onClick={() => setOpen({ kind: "invite" })}>
            {words.invite}
          </Button>
        )}
      </PageHead>
      <div class="stack">
        <Card flush>
          <DataTable
            list={list}
            columns={columns}
            rowKey={({ staffId }) => staffId}
            name={words.title}
            empty={{ icon: "users", title: words.empty, body: words.emptyHelp }}
            {...(may("staff.write") ? { actions } : {})}
          />
        </Card>
        <Invites items={team.value?.invites ?? []} roleName={roleName} onChange={again} />
        <PolicyCard />
      </div>
      {open?.kind === "invite" && <InviteDialog {...rights} onLink={onLink} />}
      {open?.kind === "edit" && <RightsDialog {...rights} person={open.person} />}
      {open?.kind === "reset" && (
        <ResetDialog person={open.person} onClose={() => setOpen(null)} onLink={onLink} />
      )}
      {open?.kind === "link" && <LinkDialog link={open.link} onClose={() => setOpen(null)} />}
    </>
  );
}

function useColumns(
  stores: readonly Store[],
  roleName: (roleId: string) => string,
): readonly Column<Colleague>[] {
  const words = useWords(PEOPLE);
  return useMemo(() => {
    const storeName = (id: string): string => stores.find((one) => one.storeId === id)?.name ?? id;
    const rolesOf = ({ roleIds }: Colleague): string => roleIds.map(roleName).join(words.comma);
    const storesOf = ({ storeIds }: Colleague): string =>
      storeIds ? storeIds.map(storeName).join(words.comma) : words.allStores;
    const seenOf = ({ seenAtMs }: Colleague): string =>
      seenAtMs === null ? words.never : momentOf(seenAtMs);
    return [
      {
        ...{ key: "name", title: words.name, csv: ({ name }: Colleague) => name },
        cell: ({ name, state }) => (
          <>
            {name} {state === "disabled" && <Badge tone="danger">{words.disabled}</Badge>}
          </>
        ),
      },
      {
        key: "email",
        title: words.email,
        cell: ({ email }) => email,
        csv: ({ email }) => email,
        wide: true,
      },
      { key: "roles", title: words.roles, cell: rolesOf, csv: rolesOf },
      { key: "stores", title: words.stores, cell: storesOf, csv: storesOf, wide: true },
      {
        ...{ key: "second", title: words.second, wide: true },
        cell: ({ hasSecondStep }) => (
          <Badge tone={hasSecondStep ? "ok" : "warn"}>{hasSecondStep ? words.yes : words.no}</Badge>
        ),
        csv: ({ hasSecondStep }) => (hasSecondStep ? words.yes : words.no),
      },
      { key: "seen", title: words.seen, cell: seenOf, csv: seenOf, wide: true },
    ];
  }, [words, stores, roleName]);
}

function useActions(
  onOpen: (open: Open) => void,
  again: () => void,
): (person: Colleague) => readonly RowAction<Colleague>[] {
  const words = useWords(PEOPLE);
  const { call, me } = useConsole();
  const toast = useToast();
  const sayUndo = useUndo();
  const confirm = useConfirm();
  const reason = useReason();
  const turn = async (person: Colleague, state: Colleague["state"]): Promise<void> => {
    const question = {
      ...{ title: words.disableAsk(person.name), body: words.disableBody },
      ...{ act: words.disable, danger: true },
    };
    if (state === "disabled" && !(await confirm(question))) return;
    const { roleIds, storeIds, version } = person;
    const put = (more: Pick<Colleague, "state" | "version">): Promise<Answer<Colleague>> =>
      call("PUT", `${PATH}/${person.staffId}`, { roleIds, storeIds, ...more });
    const answer = await put({ state, version });
    again();
    if (!answer.ok) return toast.refuse(reason(answer.problem));
    const { version: newVersion } = answer.value;
    const back = (): Promise<Answer<Colleague>> =>
      put({ state: person.state, version: newVersion });
    sayUndo({ text: words.saved, back, again });
  };
  const signOut = async (person: Colleague): Promise<void> => {
    const question = {
      ...{ title: words.signOutAsk(person.name), body: words.signOutBody },
      ...{ act: words.signOut, danger: true },
    };
    if (!(await confirm(question))) return;
    const answer = await call("POST", `${PATH}/${person.staffId}/sign-out`);
    if (answer.ok) toast.show({ text: words.signedOut });
    else toast.refuse(reason(answer.problem));
    again();
  };
  return (person) => {
    if (person.staffId === me.staffId) return [];
    const isOn = person.state === "active";
    return [
      { title: words.edit, icon: "edit", run: () => onOpen({ kind: "edit", person }) },
      { title: words.reset, icon: "key", run: () => onOpen({ kind: "reset", person }) },
      { title: words.signOut, icon: "out", run: () => void signOut(person) },
      isOn
        ? {
            title: words.disable,
            icon: "lock",
            danger: true,
            run: () => void turn(person, "disabled"),
          }
        : { title: words.enable, icon: "check", run: () => void turn(person, "active") },
    ];
  };
}

function Invites({
  items,
  roleName,
  onChange,
}: {
  items: readonly StaffInvite[];
  roleName: (roleId: string) => string;
  onChange: () => void;
}): JSX.Element | null {
  const words = useWords(PEOPLE);
  const { call, may } = useConsole();
  const toast = useToast();
  const confirm = useConfirm();
  if (items.length === 0) return null;
  const withdraw = async ({ inviteId, email }: StaffInvite): Promise<void> => {
    const question = {
      ...{ title: words.withdrawAsk(email), body: words.withdrawBody },
      ...{ act: words.withdraw, danger: true },
    };
    if (!(await confirm(question))) return;
    const answer = await call("DELETE", `/api/v1/staff/invites/${inviteId}`);
    if (answer.ok) toast.show({ text: words.withdrawn });
    else toast.refuse(answer.problem);
    onChange();
  };
  return (
    <Card title={words.invites}>
      <ul class="rows">
        {items.map((invite) => (
          <li key={invite.inviteId}>
            <div>
              <b>{invite.email}</b>
              <p class="note mute">
                {invite.roleIds.map(roleName).join(words.comma)} ·{" "}
                {words.expires(momentOf(invite.expiresAtMs))}
              </p>
            </div>
            {may("staff.write") && (
              <div class="acts">
                <Button
                  size="sm"
                  label={`${words.withdraw} ${invite.email}`}
                  onClick={() => void withdraw(invite)}
                >
                  {words.withdraw}
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
