/** Grants: which application may have tokens for which API, with which permissions. From the side of an application, and of an API. */
import { Anchor, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client';
import { Deed } from '../../parts/Deed';
import { type Column, ListTable } from '../../parts/ListTable';
import { usePowers } from '../../session/powers';
import type { Client, Grant } from './answers';
import { NewGrant } from './NewGrant';
import { GRANTS, useApis, useClients, useGrants } from './queries';

const sayFor = ({ subject_type: subject }: Grant) => (subject === 'user' ? 'people who sign in to it' : 'itself');

const sayScopes = ({ scope, allow_all_scopes: all }: Grant) =>
  all ? 'all, those to come too' : scope.length === 0 ? 'none' : scope.join(', ');

function Remove({ grant }: { readonly grant: Grant }) {
  return (
    <Deed
      size="xs"
      verb="Take away"
      question="Take this grant away?"
      effect={`The application gets no further token for ${grant.audience} with its ${grant.scope.length} permissions. A token that it has stays good until it ends.`}
      danger
      run={() => api.DELETE('/client-grants/{id}', { params: { path: { id: grant.id } } })}
      changes={[GRANTS]}
    />
  );
}

const removal: Column<Grant> = { name: 'Change', isDeeds: true, cell: (grant) => <Remove grant={grant} /> };

const shared: readonly Column<Grant>[] = [
  { name: 'Tokens for', wide: true, cell: sayFor },
  { name: 'Permissions', cell: sayScopes },
];

/** The APIs for which an application may have tokens. */
export function GrantsOfApplication({ client }: { readonly client: Client }) {
  const may = usePowers();
  const apis = useApis();
  const list = useGrants({ client_id: client.client_id });
  const columns: readonly Column<Grant>[] = [
    {
      name: 'API',
      cell: ({ audience }) => (
        <Anchor size="sm" component={Link} to={`/applications/apis/${encodeURIComponent(audience)}`}>
          {apis.items.find(({ identifier }) => identifier === audience)?.name ?? audience}
        </Anchor>
      ),
    },
    ...shared,
    ...(may('delete:client_grants') ? [removal] : []),
  ];
  return (
    <Stack gap="sm" component="section" aria-labelledby="grants">
      <Title order={2} size="h4" id="grants">
        APIs
      </Title>
      <Text c="dimmed">Grants of this application. Without one it gets no token of its own for an API.</Text>
      <ListTable
        caption="Grants"
        list={list}
        columns={columns}
        rowKey={({ id }) => id}
        empty="It has no grant: it may let people sign in, and calls no API by itself."
      />
      {may('create:client_grants') && (
        <NewGrant
          verb="Grant an API"
          choices={apis.items.map(({ identifier, name }) => ({ value: identifier, label: name ?? identifier }))}
          toBody={(audience) => ({ client_id: client.client_id, audience })}
        />
      )}
    </Stack>
  );
}

/** The applications that may have tokens for an API. */
export function GrantsOfApi({ audience }: { readonly audience: string }) {
  const may = usePowers();
  const clients = useClients(undefined);
  const list = useGrants({ audience });
  const nameOf = (id: string) => clients.items.find(({ client_id: known }) => known === id)?.name ?? id;
  const columns: readonly Column<Grant>[] = [
    {
      name: 'Application',
      cell: ({ client_id: id }) => (
        <Anchor size="sm" component={Link} to={`/applications/${encodeURIComponent(id)}/access`} dir="auto">
          {nameOf(id)}
        </Anchor>
      ),
    },
    ...shared,
    ...(may('delete:client_grants') ? [removal] : []),
  ];
  return (
    <Stack gap="sm" component="section" aria-labelledby="grants">
      <Title order={2} size="h4" id="grants">
        Applications that may
      </Title>
      <ListTable
        caption="Grants"
        list={list}
        columns={columns}
        rowKey={({ id }) => id}
        empty="No application has a grant for this API."
      />
      {may('create:client_grants') && (
        <NewGrant
          verb="Grant an application"
          choices={clients.items.map(({ client_id: id, name }) => ({ value: id, label: name }))}
          toBody={(id) => ({ client_id: id, audience })}
        />
      )}
    </Stack>
  );
}
