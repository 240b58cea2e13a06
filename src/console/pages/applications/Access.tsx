/**
 * The page about what an application may use: the connections for sign-ins without an organization, and the APIs for
 * which it may get tokens.
 */
import { Stack, Switch, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { FailureNote } from '../../parts/FailureNote';
import { type Column, ListTable } from '../../parts/ListTable';
import { sayStrategy } from '../../parts/strategy-words';
import { usePowers } from '../../session/powers';
import { ApplicationFrame } from './ApplicationFrame';
import type { Client, Connection } from './answers';
import { GrantsOfApplication } from './Grants';
import { CONNECTIONS, useConnections } from './queries';
import { signsPeopleIn } from './words';

function ConnectionSwitch({ client, connection }: { readonly client: Client; readonly connection: Connection }) {
  const may = usePowers();
  const isOn = connection.enabled_clients.includes(client.client_id);
  const writing = useMutation({
    mutationFn: (status: boolean) =>
      api.PATCH('/connections/{id}/clients', {
        params: { path: { id: connection.id } },
        body: [{ client_id: client.client_id, status }],
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: CONNECTIONS }),
  });
  return (
    <>
      <Switch
        aria-label={`${client.name} may use ${connection.name}`}
        checked={writing.isPending ? writing.variables : isOn}
        onChange={(event) => writing.mutate(event.currentTarget.checked)}
        disabled={!may('update:connections')}
      />
      {writing.error !== null && <FailureNote error={writing.error} />}
    </>
  );
}

const columnsOf = (client: Client): readonly Column<Connection>[] => [
  { name: 'Connection', cell: ({ name, display_name: shown }) => <span dir="auto">{shown ?? name}</span> },
  { name: 'Kind', wide: true, cell: ({ strategy }) => sayStrategy(strategy) },
  { name: 'Enabled', cell: (connection) => <ConnectionSwitch client={client} connection={connection} /> },
];

function Connections({ client }: { readonly client: Client }) {
  return (
    <Stack gap="sm" component="section" aria-labelledby="connections">
      <Title order={2} size="h4" id="connections">
        Connections
      </Title>
      <Text c="dimmed">
        These connections apply to sign-ins without an organization. Sign-ins to an organization always use that
        organization’s connections.
      </Text>
      <ListTable
        caption="Connections"
        list={useConnections()}
        columns={columnsOf(client)}
        rowKey={({ id }) => id}
        empty="There are no connections yet."
      />
    </Stack>
  );
}

function Body({ client }: { readonly client: Client }) {
  return (
    <Stack gap="xl" maw={860}>
      {signsPeopleIn(client) && <Connections client={client} />}
      <GrantsOfApplication client={client} />
    </Stack>
  );
}

export function Access() {
  return <ApplicationFrame>{(client) => <Body client={client} />}</ApplicationFrame>;
}
