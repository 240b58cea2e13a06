/**
 * The invitations to an organization that nobody has accepted: address, roles, application, expiry, whether the mailed
 * link was opened, and buttons for each. People who accepted one are listed as members instead.
 */
import { Anchor, Badge, Box, Button, Group, Stack, Text } from '@mantine/core';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { now } from '../../clock';
import { RECIPES_PAGE, toHelp } from '../../help-pages';
import { useApplications, useRoles } from '../../invite/choices';
import { type Column, ListTable } from '../../parts/ListTable';
import { Moment } from '../../parts/Moment';
import { SearchField } from '../../parts/SearchField';
import { usePowers } from '../../session/powers';
import { count, type Invitation, type Organization } from './answers';
import { InvitationButtons } from './InvitationButtons';
import { OrganizationFrame } from './OrganizationFrame';
import { useInvitations } from './queries';

type Names = ReadonlyMap<string, string>;

const isExpired = ({ expires_at: at }: Invitation) => Date.parse(at) <= now().getTime();

function State({ invitation }: { readonly invitation: Invitation }) {
  const expired = isExpired(invitation);
  return (
    <Group gap={6}>
      <Badge variant="light" color={expired ? 'gray' : 'ink'}>
        {expired ? 'Expired' : 'Pending'}
      </Badge>
      <Text size="sm">
        {expired ? 'expired' : 'expires'} <Moment at={invitation.expires_at} />
      </Text>
    </Group>
  );
}

/**
 * Says whether the mailed link was opened: a mail scanner may have done so. A warning follows if the application did not
 * pass the invitation on, with a link to the code that does.
 */
function Opened({ invitation: { opened, came_without: without } }: { readonly invitation: Invitation }) {
  if (opened === undefined) return null;
  return (
    <>
      <Text size="sm">
        link opened {count(opened.times, 'time')}, last <Moment at={opened.last_at} />
      </Text>
      {without !== undefined && (
        <>
          <Text size="sm">The application did not pass the invitation on ({count(without.times, 'time')}).</Text>
          <Anchor size="sm" display="block" href={toHelp(RECIPES_PAGE)} target="_blank" rel="noopener">
            How to pass it on
          </Anchor>
        </>
      )}
    </>
  );
}

function columnsOf(organization: Organization, roles: Names, applications: Names): readonly Column<Invitation>[] {
  const nameRoles = (ids: readonly string[] = []) => ids.map((id) => roles.get(id) ?? id).join(', ');
  return [
    {
      name: 'Invited',
      cell: (invitation) => (
        <div>
          <Text fw={550}>{invitation.invitee.email}</Text>
          <Text c="dimmed" size="sm" dir="auto">
            by {invitation.inviter.name}, <Moment at={invitation.created_at} />
          </Text>
        </div>
      ),
    },
    {
      name: 'State',
      isPlain: true,
      cell: (invitation) => (
        // Without a limit the sentence takes the room of the roles.
        <Box maw={300}>
          <State invitation={invitation} />
          <Opened invitation={invitation} />
        </Box>
      ),
    },
    { name: 'Roles', wide: true, cell: ({ roles: ids }) => nameRoles(ids) || <Text c="dimmed">none</Text> },
    { name: 'Application', wide: true, cell: ({ client_id: id }) => applications.get(id) ?? id },
    {
      name: 'Manage invitation',
      isButtons: true,
      cell: (invitation) => <InvitationButtons organization={organization} invitation={invitation} />,
    },
  ];
}

function InvitationList({ organization, mayRead }: { readonly organization: Organization; readonly mayRead: boolean }) {
  const { find } = useSearch({ from: '/organizations/$organizationId/invitations' });
  const list = useInvitations(organization.id, find, mayRead);
  const roles = useRoles();
  const applications = useApplications();
  if (!mayRead)
    return (
      <Text>
        Your role cannot view invitations, because they contain links. Ask an owner of this server for the role of
        support.
      </Text>
    );
  const names = new Map((roles.data ?? []).map(({ id, name }) => [id, name]));
  const titles = new Map((applications.data ?? []).map(({ client_id: id, name }) => [id, name]));
  return (
    <Stack gap="lg">
      {(find !== undefined || list.items.length > 0) && (
        <SearchField label="Find an invitation" description="Type the beginning of the invited address" find={find} />
      )}
      <ListTable
        caption={`Invitations to ${organization.display_name}`}
        list={list}
        columns={columnsOf(organization, names, titles)}
        rowKey={({ id }) => id}
        empty={
          find === undefined
            ? 'No pending invitations. People who accepted one are listed under Members.'
            : `No pending invitation for an address that begins with ${find}. People who accepted one are listed under Members.`
        }
      />
    </Stack>
  );
}

export function Invitations() {
  const { organizationId: id } = useParams({ from: '/organizations/$organizationId/invitations' });
  const may = usePowers();
  const buttons = may('create:organization_invitations') && (
    <Button component={Link} to={`/organizations/${id}/invitations/new`}>
      Invite people
    </Button>
  );
  return (
    <OrganizationFrame id={id} buttons={buttons}>
      {(organization) => <InvitationList organization={organization} mayRead={may('read:organization_invitations')} />}
    </OrganizationFrame>
  );
}
