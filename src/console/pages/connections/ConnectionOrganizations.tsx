/**
 * The organizations that use a connection. The settings of an organization for the connection are on the organization's
 * own page.
 */
import { Anchor, Badge, Button, Stack, Text } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type Column, ListTable } from '../../parts/ListTable';
import type { OrganizationUse } from './answers';
import { ConnectionFrame } from './ConnectionFrame';
import { useOrganizations } from './queries';
import { WithoutOrganization } from './WithoutOrganization';

const route = getRouteApi('/connections/$connectionId/organizations');

const COLUMNS: readonly Column<OrganizationUse>[] = [
  {
    name: 'Organization',
    cell: (one) => (
      <Anchor component={Link} to={`/organizations/${one.id}`} dir="auto" fw={500}>
        {one.display_name ?? one.name}
      </Anchor>
    ),
  },
  { name: 'Name', wide: true, cell: (one) => one.name },
  {
    name: 'State',
    isPlain: true,
    cell: (one) =>
      one.is_enabled ? (
        'enabled'
      ) : (
        <Badge color="gray" variant="light" tt="none">
          disabled
        </Badge>
      ),
  },
];

function Uses({ connectionId }: { readonly connectionId: string }) {
  const list = useOrganizations(connectionId);
  return (
    <ListTable
      caption="Organizations that use this connection"
      list={list}
      columns={COLUMNS}
      rowKey={({ id }) => id}
      empty={
        <Stack align="center" gap="xs">
          <Text c="dimmed">
            No organization uses this connection, so nobody can sign in to an organization with it.
          </Text>
          <Button component={Link} to="/organizations" variant="default">
            Choose an organization
          </Button>
        </Stack>
      }
    />
  );
}

export function ConnectionOrganizations() {
  const { connectionId } = route.useParams();
  return (
    <ConnectionFrame connectionId={connectionId}>
      {(connection) => (
        <>
          <Uses connectionId={connection.id} />
          {connection.strategy !== 'auth0' && <WithoutOrganization connection={connection} />}
        </>
      )}
    </ConnectionFrame>
  );
}
