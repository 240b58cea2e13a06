/**
 * The page that lists the invitations that nobody has accepted, across all organizations: either the pending or the
 * expired ones. Reads only; to resend or revoke one, operators open its organization.
 */
import { Anchor, SegmentedControl, Text } from '@mantine/core';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type Column, ListTable } from '../../parts/ListTable';
import { Moment } from '../../parts/Moment';
import { Page } from '../../parts/Page';
import { SearchField } from '../../parts/SearchField';
import { usePowers } from '../../session/powers';
import { type AnyInvitation, type InvitationState, useInvitations } from './invitations';

const route = getRouteApi('/invitations');
const CRUMBS = [{ to: '/', name: 'Today' }];

const columnsOf = (state: InvitationState): readonly Column<AnyInvitation>[] => [
  {
    name: 'Invited',
    cell: ({ invitee, inviter, created_at: at, expires_at: end, organization_id: id }) => (
      <div>
        <Anchor component={Link} to={`/organizations/${id}/invitations`} fw={550}>
          {invitee.email}
        </Anchor>
        <Text c="dimmed" size="sm">
          by <bdi>{inviter.name}</bdi>, <Moment at={at} />
        </Text>
        <Text size="sm" hiddenFrom="sm">
          {state === 'waiting' ? 'expires' : 'expired'} <Moment at={end} />
        </Text>
      </div>
    ),
  },
  {
    name: 'Organization',
    cell: ({ organization, organization_id: id }) => (
      <Anchor component={Link} to={`/organizations/${id}`} dir="auto">
        {organization.display_name ?? organization.name}
      </Anchor>
    ),
  },
  {
    name: state === 'waiting' ? 'Expires' : 'Expired',
    wide: true,
    cell: ({ expires_at: at }) => (
      <Text style={{ whiteSpace: 'nowrap' }}>
        <Moment at={at} />
      </Text>
    ),
  },
];

const EMPTY: Readonly<Record<InvitationState, string>> = {
  waiting: 'No pending invitations. To invite people, open their organization.',
  expired: 'No invitations expired in the last month.',
};

function Invitations({ state, find }: { readonly state: InvitationState; readonly find: string | undefined }) {
  return (
    <ListTable
      caption={state === 'waiting' ? 'Pending invitations, next to expire first' : 'Expired invitations'}
      list={useInvitations(state, find)}
      columns={columnsOf(state)}
      rowKey={({ id }) => id}
      empty={
        find === undefined ? EMPTY[state] : `No invitation for an address that begins with ${find}. Try fewer letters.`
      }
    />
  );
}

export function AllInvitations() {
  const { state = 'waiting', find } = route.useSearch();
  const navigate = useNavigate();
  const may = usePowers();
  return (
    <Page title="Invitations" lead="Invitations of all organizations. Open one to resend or revoke it." crumbs={CRUMBS}>
      <SegmentedControl
        aria-label="Invitations to show"
        value={state}
        onChange={(value) =>
          void navigate({
            to: '/invitations',
            search: { ...(find !== undefined && { find }), ...(value === 'expired' && { state: 'expired' as const }) },
          })
        }
        data={[
          { value: 'waiting', label: 'Pending' },
          { value: 'expired', label: 'Expired' },
        ]}
        style={{ alignSelf: 'start' }}
      />
      {may('read:organization_invitations') ? (
        <>
          <SearchField label="Find an invitation" description="Type the beginning of the invited address" find={find} />
          <Invitations key={state} state={state} find={find} />
        </>
      ) : (
        <Text>Your role cannot view invitations. Ask an owner of this server for the role of support.</Text>
      )}
    </Page>
  );
}
