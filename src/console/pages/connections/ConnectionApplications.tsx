/**
 * The page that chooses which applications may use a connection for sign-ins without an organization. Sign-ins to an
 * organization do not depend on it.
 */
import { Anchor, Badge, Group, Stack, Table, Text } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { Loaded } from '../../parts/Loaded';
import { usePowers } from '../../session/powers';
import { type Client, type Connection, nameOf } from './answers';
import { ConnectionFrame } from './ConnectionFrame';
import { connectionKey, useClients, useEnabledClients } from './queries';

const route = getRouteApi('/connections/$connectionId/applications');

interface RowProps {
  readonly connection: Connection;
  readonly client: Client;
  readonly isEnabled: boolean;
}

function Toggle({ connection, client, isEnabled }: RowProps) {
  return (
    <ConfirmButton
      verb={isEnabled ? 'Disable' : 'Enable'}
      size="xs"
      danger={isEnabled}
      question={`${isEnabled ? 'Disable' : 'Enable'} ${nameOf(connection)} for ${client.name}?`}
      effect={
        <Text size="sm">
          {isEnabled
            ? `Sign-ins to ${client.name} without an organization can no longer use this connection. Sign-ins to an organization are not affected. Existing sessions and tokens stay valid until they expire.`
            : `Sign-ins to ${client.name} without an organization can use this connection. Sign-ins to an organization are not affected.`}
        </Text>
      }
      run={() =>
        api.PATCH('/connections/{id}/clients', {
          params: { path: { id: connection.id } },
          body: [{ client_id: client.client_id, status: !isEnabled }],
        })
      }
      changes={[[...connectionKey(connection.id), 'clients']]}
    />
  );
}

function Row(props: RowProps) {
  const { client, isEnabled } = props;
  const may = usePowers();
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <Group gap="xs">
          <Anchor component={Link} to={`/applications/${client.client_id}`} dir="auto">
            {client.name}
          </Anchor>
          {isEnabled && (
            <Badge variant="light" tt="none">
              enabled
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td style={{ textAlign: 'end' }}>{may('update:connections') && <Toggle {...props} />}</Table.Td>
    </Table.Tr>
  );
}

function Clients({ connection }: { readonly connection: Connection }) {
  const clients = useClients();
  const enabled = useEnabledClients(connection.id);
  return (
    <Stack>
      <Text>
        Choose which applications can use this connection for sign-ins without an organization. Sign-ins to an
        organization always use that organization’s connections.
      </Text>
      <Loaded query={clients}>
        {(all) => (
          <Loaded query={enabled}>
            {(ids) =>
              all.length === 0 ? (
                <Text c="dimmed">There are no applications yet.</Text>
              ) : (
                <Table verticalSpacing="sm">
                  <caption className="unseen">Applications</caption>
                  <Table.Tbody>
                    {all.map((client) => (
                      <Row
                        key={client.client_id}
                        connection={connection}
                        client={client}
                        isEnabled={ids.has(client.client_id)}
                      />
                    ))}
                  </Table.Tbody>
                </Table>
              )
            }
          </Loaded>
        )}
      </Loaded>
    </Stack>
  );
}

export function ConnectionApplications() {
  const { connectionId } = route.useParams();
  return (
    <ConnectionFrame connectionId={connectionId}>{(connection) => <Clients connection={connection} />}</ConnectionFrame>
  );
}
