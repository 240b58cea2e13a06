/**
 * The page about how people sign in to an organization: its connections and its domains. The settings of each
 * connection have their own page.
 */
import { Anchor, Badge, Group, Stack, Text, Title } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { type Column, ListTable } from '../../parts/ListTable';
import { sayStrategy } from '../../parts/strategy-words';
import { usePowers } from '../../session/powers';
import { SetupLink } from '../connections/SetupLink';
import type { Enablement, Organization } from './answers';
import { Domains } from './Domains';
import { EnableConnection } from './EnableConnection';
import { OrganizationFrame } from './OrganizationFrame';
import { useEnablements } from './queries';

/**
 * Returns which people get access through the connection. With auto-membership, people who are not members become
 * members.
 */
function sayAutoMembership(enablement: Enablement): string {
  if (!enablement.assign_membership_on_login) return 'members and invited people';
  return enablement.auto_membership_condition ? 'everybody who meets the condition' : 'everybody who signs in with it';
}

const columnsOf = (id: string): readonly Column<Enablement>[] => [
  {
    name: 'Connection',
    cell: ({ connection_id: connectionId, connection }) => (
      <Anchor component={Link} to={`/organizations/${id}/connections/${connectionId}`}>
        {connection.name}
      </Anchor>
    ),
  },
  {
    name: 'Kind',
    wide: true,
    cell: ({ connection }) => sayStrategy(connection.strategy),
  },
  { name: 'Access for', cell: sayAutoMembership },
  {
    name: 'State',
    isPlain: true,
    wide: true,
    cell: (enablement) => (
      <Group gap={4}>
        {enablement.sso_rollout === 'required' && <Badge variant="light">Required</Badge>}
        {(enablement.pilot_emails?.length ?? 0) > 0 && (
          <Badge variant="light" color="yellow">
            Pilot group
          </Badge>
        )}
        {!enablement.show_as_button && (
          <Badge variant="light" color="gray">
            Hidden
          </Badge>
        )}
      </Group>
    ),
  },
];

function ConnectionList({ organization }: { readonly organization: Organization }) {
  const list = useEnablements(organization.id);
  const may = usePowers();
  return (
    <Stack gap="xl">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h3">
            Connections
          </Title>
          <Group gap="sm">
            {may('create:sso_access_tickets') && <SetupLink organization={organization.id} />}
            {may('create:organization_connections') && (
              <EnableConnection
                organization={organization}
                taken={new Set(list.items.map(({ connection_id: id }) => id))}
              />
            )}
          </Group>
        </Group>
        <ListTable
          caption={`Connections of ${organization.display_name}`}
          list={list}
          columns={columnsOf(organization.id)}
          rowKey={({ connection_id: id }) => id}
          empty={
            <Text c="dimmed">
              Nobody can sign in to {organization.display_name} yet. Enable a connection: passwords, or the company’s
              identity provider.
            </Text>
          }
        />
      </Stack>
      <Domains organization={organization} />
    </Stack>
  );
}

export function OrganizationConnections() {
  const { organizationId: id } = useParams({ from: '/organizations/$organizationId/connections' });
  return (
    <OrganizationFrame id={id}>{(organization) => <ConnectionList organization={organization} />}</OrganizationFrame>
  );
}
