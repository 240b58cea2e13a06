/**
 * The page with the members of an organization: their names, ways to sign in, roles, and how they joined. A membership
 * is changed on the member's own page.
 */
import { Anchor, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { type Column, ListTable } from '../../parts/ListTable';
import { Moment } from '../../parts/Moment';
import { SearchField } from '../../parts/SearchField';
import { usePowers } from '../../session/powers';
import { AddMember } from './AddMember';
import { callPerson, count, type Organization, type Person } from './answers';
import { InviteLink } from './InviteLink';
import { OrganizationFrame } from './OrganizationFrame';
import { usePeople, useTotals } from './queries';
import { sayOrigin, sayWaysIn } from './seat';

const columnsOf = (id: string): readonly Column<Person>[] => [
  {
    name: 'Member',
    cell: (person) => (
      <div>
        <Anchor component={Link} to={`/organizations/${id}/members/${encodeURIComponent(person.user_id)}`} dir="auto">
          {callPerson(person)}
        </Anchor>
        {person.email !== undefined && person.email !== callPerson(person) && (
          <Text c="dimmed" size="sm">
            {person.email}
          </Text>
        )}
        <Group gap={4}>
          {person.blocked && (
            <Badge color="red" variant="light">
              Blocked
            </Badge>
          )}
          {person.member.break_glass && <Badge variant="light">Break-glass</Badge>}
        </Group>
      </div>
    ),
  },
  { name: 'Signs in with', cell: (person) => sayWaysIn(person) },
  {
    name: 'Roles',
    wide: true,
    cell: ({ member }) => member.roles.map(({ name }) => name).join(', ') || <Text c="dimmed">none</Text>,
  },
  { name: 'Joined', wide: true, cell: ({ member }) => sayOrigin(member.via) },
  {
    name: 'Last sign-in here',
    wide: true,
    cell: ({ member }) => <Moment at={member.last_login ?? undefined} />,
  },
];

function InNumbers({ id }: { readonly id: string }) {
  const { data } = useTotals(id);
  if (data === undefined || data.members === 0) return null;
  return (
    <Text>
      {count(data.members, 'member')}: {data.with_password.toLocaleString('en')} can use a password,{' '}
      {data.break_glass.toLocaleString('en')} of all are break-glass, {data.never_logged_in.toLocaleString('en')} have
      never signed in here.
    </Text>
  );
}

interface EmptyProps {
  readonly organization: Organization;
  readonly find: string | undefined;
}

function Empty({ organization, find }: EmptyProps) {
  const { id, display_name: title } = organization;
  return (
    <Stack align="center" gap="sm">
      <Text c="dimmed">
        {find === undefined
          ? `${title} has no members yet. Invite people, or turn on auto-membership under Connections.`
          : `No member of ${title} has an address that begins with ${find}. Try fewer letters.`}
      </Text>
      <InviteLink id={id} email={find?.includes('@') ? find : undefined}>
        Invite people
      </InviteLink>
    </Stack>
  );
}

function MemberList({ organization }: { readonly organization: Organization }) {
  const { find } = useSearch({ from: '/organizations/$organizationId' });
  const { id } = organization;
  const list = usePeople(id, find);
  return (
    <Stack gap="lg">
      <InNumbers id={id} />
      {(find !== undefined || list.items.length > 0) && (
        <SearchField label="Find a member" description="Type the beginning of their address" find={find} />
      )}
      <ListTable
        caption={`Members of ${organization.display_name}`}
        list={list}
        columns={columnsOf(id)}
        rowKey={({ user_id: userId }) => userId}
        empty={<Empty organization={organization} find={find} />}
      />
    </Stack>
  );
}

export function Members() {
  const { organizationId: id } = useParams({ from: '/organizations/$organizationId' });
  const may = usePowers();
  const buttons = (
    <>
      {may('create:organization_members') && <AddMember id={id} />}
      {may('create:organization_invitations') && (
        <Button component={Link} to={`/organizations/${id}/invitations/new`}>
          Invite people
        </Button>
      )}
    </>
  );
  return (
    <OrganizationFrame id={id} buttons={buttons}>
      {(organization) => <MemberList organization={organization} />}
    </OrganizationFrame>
  );
}
