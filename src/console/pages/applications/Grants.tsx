/**
 * The grants of an application or of an API: which application may get tokens for which API, with which permissions.
 */
import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { type Column, ListTable, type ListTableProps } from '../../parts/ListTable';
import { usePowers } from '../../session/powers';
import type { Client, Grant } from './answers';
import { ChangeGrant } from './ChangeGrant';
import { NewGrant, type NewGrantProps } from './NewGrant';
import { GRANTS, useApis, useClients, useGrants } from './queries';

const sayFor = ({ subject_type: subject }: Grant) =>
  subject === 'user' ? 'people who sign in' : 'the application itself';

/**
 * Maximum number of permissions that a row names at once. If there are more, the row shows their number, and the names
 * on request.
 */
const FEW = 8;

function Permissions({ grant: { scope, allow_all_scopes: all } }: { readonly grant: Grant }) {
  if (all) return 'all, including future ones';
  if (scope.length === 0) return 'none';
  if (scope.length <= FEW) return scope.join(', ');
  return (
    <details>
      <summary>{scope.length} permissions</summary>
      {scope.join(', ')}
    </details>
  );
}

function sayPermissions({ scope, allow_all_scopes: all }: Grant): string {
  if (all) return 'all its permissions';
  return `its ${scope.length} permission${scope.length === 1 ? '' : 's'}`;
}

function Remove({ grant }: { readonly grant: Grant }) {
  const apis = useApis();
  const isSystem = apis.items.some((api) => api.is_system === true && api.identifier === grant.audience);
  const rest = isSystem ? 'Existing tokens stop working at once.' : 'Existing tokens stay valid until they expire.';
  return (
    <ConfirmButton
      size="xs"
      verb="Remove access"
      question="Remove access?"
      effect={`The application can no longer get tokens for ${grant.audience} with ${sayPermissions(grant)}. ${rest}`}
      danger
      run={() => api.DELETE('/client-grants/{id}', { params: { path: { id: grant.id } } })}
      changes={[GRANTS]}
    />
  );
}

/**
 * Returns the column with the buttons of a grant; no column if the operator may change none. `nameOf` names the API, in
 * the list of an application, or the application, in the list of an API.
 */
function useButtons(nameOf: (grant: Grant) => string): readonly Column<Grant>[] {
  const may = usePowers();
  const [change, remove] = [may('update:client_grants'), may('delete:client_grants')];
  if (!change && !remove) return [];
  const cell = (grant: Grant) => (
    <Group gap="xs" wrap="nowrap">
      {change && <ChangeGrant grant={grant} other={nameOf(grant)} />}
      {remove && <Remove grant={grant} />}
    </Group>
  );
  return [{ name: 'Manage access', isButtons: true, cell }];
}

const shared: readonly Column<Grant>[] = [
  { name: 'Tokens for', wide: true, cell: sayFor },
  { name: 'Permissions', cell: (grant) => <Permissions grant={grant} /> },
];

interface AccessProps extends Pick<ListTableProps<Grant>, 'list' | 'columns' | 'empty'>, NewGrantProps {
  readonly title: string;
  readonly lead?: string;
}

function Access({ title, lead, choices, toBody, ...table }: AccessProps) {
  const may = usePowers();
  return (
    <Stack gap="sm" component="section" aria-labelledby="grants">
      <Title order={2} size="h4" id="grants">
        {title}
      </Title>
      {lead !== undefined && <Text c="dimmed">{lead}</Text>}
      <ListTable caption="Access" rowKey={({ id }) => id} {...table} />
      {may('create:client_grants') && <NewGrant choices={choices} toBody={toBody} />}
    </Stack>
  );
}

/** Lists the APIs for which an application may get tokens. */
export function GrantsOfApplication({ client }: { readonly client: Client }) {
  const apis = useApis();
  const list = useGrants({ client_id: client.client_id });
  const nameOf = ({ audience }: Grant) =>
    apis.items.find(({ identifier }) => identifier === audience)?.name ?? audience;
  const buttons = useButtons(nameOf);
  const columns: readonly Column<Grant>[] = [
    {
      name: 'API',
      cell: (grant) => (
        <Anchor size="sm" component={Link} to={`/applications/apis/${encodeURIComponent(grant.audience)}`}>
          {nameOf(grant)}
        </Anchor>
      ),
    },
    ...shared,
    ...buttons,
  ];
  return (
    <Access
      title="APIs"
      lead="APIs that this application has access to. Without access, it cannot get a token of its own for an API."
      list={list}
      columns={columns}
      empty="No access to APIs yet. People can still sign in, but the application cannot call an API on its own."
      choices={apis.items.map(({ identifier, name }) => ({ value: identifier, label: name ?? identifier }))}
      toBody={(audience) => ({ client_id: client.client_id, audience })}
    />
  );
}

/** Lists the applications that may get tokens for an API. */
export function GrantsOfApi({ audience }: { readonly audience: string }) {
  const clients = useClients(undefined);
  const list = useGrants({ audience });
  const nameOf = ({ client_id: id }: Grant) => clients.items.find(({ client_id: known }) => known === id)?.name ?? id;
  const buttons = useButtons(nameOf);
  const columns: readonly Column<Grant>[] = [
    {
      name: 'Application',
      cell: (grant) => (
        <Anchor
          size="sm"
          component={Link}
          to={`/applications/${encodeURIComponent(grant.client_id)}/access`}
          dir="auto"
        >
          {nameOf(grant)}
        </Anchor>
      ),
    },
    ...shared,
    ...buttons,
  ];
  return (
    <Access
      title="Applications with access"
      list={list}
      columns={columns}
      empty="No application has been given access to this API."
      choices={clients.items.map(({ client_id: id, name }) => ({ value: id, label: name }))}
      toBody={(id) => ({ client_id: id, audience })}
    />
  );
}
