/**
 * The pending invitations of all organizations: their number, and the five that expire next. Reads only; to resend or
 * revoke one, operators open its organization.
 */
import { Anchor, List, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Loaded } from '../../parts/Loaded';
import { Moment } from '../../parts/Moment';
import { type AnyInvitation, useNextToEnd } from './invitations';
import { Part } from './Part';

const MOST = 5;

const count = (many: number, of: string) => `${many.toLocaleString('en')} ${of}${many === 1 ? '' : 's'}`;

/** Returns the numbers as a sentence: "7 pending invitations, 2 expired in the last month." */
function tellNumbers(waiting: number, expired: number): string {
  const wait = waiting === 0 ? 'No pending invitations' : count(waiting, 'pending invitation');
  return expired === 0 ? `${wait}.` : `${wait}, ${expired.toLocaleString('en')} expired in the last month.`;
}

function Invited({ invitation }: { readonly invitation: AnyInvitation }) {
  const { organization_id: id, organization, invitee, expires_at: end } = invitation;
  return (
    <List.Item style={{ overflowWrap: 'anywhere' }}>
      <Anchor component={Link} to={`/organizations/${id}/invitations`}>
        {invitee.email}
      </Anchor>{' '}
      to <bdi>{organization.display_name ?? organization.name}</bdi>: expires <Moment at={end} />
    </List.Item>
  );
}

export function Waiting() {
  const query = useNextToEnd(MOST);
  const all = (
    <Anchor component={Link} to="/invitations" size="sm">
      All invitations
    </Anchor>
  );
  return (
    <Part title="Pending invitations" more={all}>
      <Loaded query={query}>
        {({ next, waiting, expired }) => (
          <>
            <Text {...(waiting === 0 && { c: 'dimmed' })}>{tellNumbers(waiting, expired)}</Text>
            {next.length > 0 && (
              <List spacing="xs">
                {next.map((invitation) => (
                  <Invited key={invitation.id} invitation={invitation} />
                ))}
              </List>
            )}
          </>
        )}
      </Loaded>
    </Part>
  );
}
