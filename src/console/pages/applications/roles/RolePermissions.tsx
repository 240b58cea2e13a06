/** The permissions of a role: a list by API, with buttons that add some and take one away. */
import { Anchor, Select, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../../api/client';
import { ConfirmButton } from '../../../parts/ConfirmButton';
import { FIRST, type FieldsOf } from '../../../parts/form-fields';
import { MultiSelect } from '../../../parts/inputs';
import { type Column, ListTable } from '../../../parts/ListTable';
import { MakeDialog, MakeForm } from '../../../parts/MakeDialog';
import { useMake } from '../../../parts/use-make';
import { usePowers } from '../../../session/powers';
import { useApis } from '../queries';
import { isOperators, type Permission, type Role, roleKey, usePermissions } from './queries';

function Remove({ role, permission }: { readonly role: Role; readonly permission: Permission }) {
  const { permission_name: name, resource_server_name: at } = permission;
  return (
    <ConfirmButton
      size="xs"
      verb="Remove"
      aria-label={`Remove ${name}`}
      question={`Remove ${name} from ${role.name}?`}
      effect={`Everybody with this role loses this permission of ${at}. Tokens of your own APIs keep it until they expire; the My Organization API refuses it at once.`}
      danger
      run={() =>
        api.DELETE('/roles/{id}/permissions', {
          params: { path: { id: role.id } },
          body: {
            permissions: [{ permission_name: name, resource_server_identifier: permission.resource_server_identifier }],
          },
        })
      }
      changes={[roleKey(role.id)]}
    />
  );
}

const columnsOf = (role: Role, mayChange: boolean): readonly Column<Permission>[] => [
  { name: 'Permission', cell: ({ permission_name: name }) => <code dir="ltr">{name}</code> },
  {
    name: 'API',
    cell: ({ resource_server_identifier: identifier, resource_server_name: name }) => (
      <Anchor size="sm" component={Link} to={`/applications/apis/${encodeURIComponent(identifier)}`} dir="auto">
        {name}
      </Anchor>
    ),
  },
  { name: 'Meaning', wide: true, cell: ({ description }) => <span dir="auto">{description}</span> },
  ...(mayChange
    ? [
        {
          name: 'Manage permission',
          isButtons: true,
          cell: (permission: Permission) => <Remove role={role} permission={permission} />,
        },
      ]
    : []),
];

const FIELDS: FieldsOf<{ readonly permissions: readonly string[] }> = {
  permissions: {
    kind: 'own',
    label: 'Permissions',
    start: [],
    check: (names) => (names.length === 0 ? 'Choose at least one permission.' : undefined),
  },
};

interface AddProps {
  readonly role: Role;
  readonly held: readonly Permission[];
  onLeave(): void;
}

function AddForm({ role, held, onLeave }: AddProps) {
  // The roles of operators alone hold permissions of the Management API.
  const apis = useApis().items.filter(({ is_system: isSystem }) => isSystem !== true);
  const [identifier, setIdentifier] = useState<string | null>(null);
  const make = useMake({
    fields: FIELDS,
    run: ({ permissions }) =>
      api.POST('/roles/{id}/permissions', {
        params: { path: { id: role.id } },
        body: {
          permissions: permissions.map((name) => ({
            permission_name: name,
            resource_server_identifier: identifier ?? '',
          })),
        },
      }),
    changes: roleKey(role.id),
    onMade: onLeave,
  });
  const found = apis.find((one) => one.identifier === identifier);
  const has = new Set(
    held.filter((one) => one.resource_server_identifier === identifier).map((one) => one.permission_name),
  );
  const free = (found?.scopes ?? []).map(({ value }) => value).filter((name) => !has.has(name));
  return (
    <MakeForm make={make} verb="Add permissions" isBarred={make.values.permissions.length === 0} onLeave={onLeave}>
      <Select
        label="API"
        data={apis.map((one) => ({ value: one.identifier, label: one.name ?? one.identifier }))}
        value={identifier}
        onChange={(chosen) => {
          setIdentifier(chosen);
          make.set({ permissions: [] });
        }}
        allowDeselect={false}
        searchable
        {...FIRST}
      />
      <MultiSelect
        fills="permissions"
        label="Permissions"
        data={free}
        value={[...make.values.permissions]}
        onChange={(permissions) => make.set({ permissions })}
        disabled={found === undefined}
        searchable
      />
    </MakeForm>
  );
}

export function RolePermissions({ role }: { readonly role: Role }) {
  const may = usePowers();
  const list = usePermissions(role.id);
  const mayChange = may('update:roles') && !isOperators(role.id);
  return (
    <Stack gap="sm" component="section" aria-labelledby="permissions">
      <Title order={2} size="h4" id="permissions">
        Permissions
      </Title>
      <Text c="dimmed">
        Tokens of members with this role contain these permissions, if the application requests and may request them.
      </Text>
      <ListTable
        caption="Permissions of this role"
        list={list}
        columns={columnsOf(role, mayChange)}
        rowKey={(one) => `${one.resource_server_identifier} ${one.permission_name}`}
        empty="No permissions yet. Tokens do not name the role. Actions can read it."
      />
      {mayChange && (
        <MakeDialog verb="Add permissions" wide="lg" variant="default" style={{ alignSelf: 'start' }}>
          {(close) => <AddForm role={role} held={list.items} onLeave={close} />}
        </MakeDialog>
      )}
    </Stack>
  );
}
