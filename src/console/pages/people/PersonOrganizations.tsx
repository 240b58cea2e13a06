/** The memberships of one person: organization, roles, and a button that shows whether they could sign in there now. */
import { Anchor, Badge, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type Column, ListTable } from '../../parts/ListTable';
import { usePowers } from '../../session/powers';
import type { Organization, User } from './answers';
import { ExplainComing } from './ExplainComing';
import { PersonFrame } from './PersonFrame';
import { useOrganizationsOf, useRolesIn } from './queries';

const route = getRouteApi('/people/$userId/organizations');

function Roles({ user, organization }: { readonly user: User; readonly organization: Organization }) {
  const { data, error } = useRolesIn(user.user_id, organization.id);
  if (error)
    return (
      <Text size="sm" c="dimmed">
        unknown
      </Text>
    );
  if (data === undefined) return <Skeleton height={20} width={80} />;
  if (data.length === 0)
    return (
      <Text size="sm" c="dimmed">
        none
      </Text>
    );
  return (
    <Group gap={6}>
      {data.map((role) => (
        <Badge key={role.id} variant="light" color="gray" tt="none">
          {role.name}
        </Badge>
      ))}
    </Group>
  );
}

const columnsFor = (user: User, canExplain: boolean): readonly Column<Organization>[] => [
  {
    name: 'Organization',
    cell: (organization) => (
      <Anchor component={Link} to={`/organizations/${organization.id}`} dir="auto" fw={500}>
        {organization.display_name ?? organization.name}
      </Anchor>
    ),
  },
  { name: 'Roles', wide: true, cell: (organization) => <Roles user={user} organization={organization} /> },
  ...(canExplain
    ? [
        {
          name: 'Access',
          isButtons: true,
          cell: (organization: Organization) => <ExplainComing user={user} organization={organization} />,
        },
      ]
    : []),
];

function Seats({ user }: { readonly user: User }) {
  const list = useOrganizationsOf(user.user_id);
  const may = usePowers();
  return (
    <ListTable
      caption={'Organizations of this person'}
      list={list}
      columns={columnsFor(user, may('read:organizations') && may('read:users'))}
      rowKey={({ id }) => id}
      empty={
        <Stack align="center" gap="xs">
          <Text c="dimmed">This person is not a member of any organization.</Text>
          <Button component={Link} to="/organizations" variant="default">
            Choose an organization to invite them
          </Button>
        </Stack>
      }
    />
  );
}

export function PersonOrganizations() {
  const { userId } = route.useParams();
  return <PersonFrame userId={userId}>{(user) => <Seats user={user} />}</PersonFrame>;
}
