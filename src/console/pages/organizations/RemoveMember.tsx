/**
 * A button that removes a member from an organization. Its dialog first shows the effects in numbers. The account and
 * its other memberships stay.
 */
import { List } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { callPerson, count, type Organization, type Person } from './answers';
import { organizationKey } from './queries';

/** Maximum number of sessions or refresh tokens that one request counts. This many are shown as "100 or more". */
const MOST = 100;

async function readOpen(userId: string): Promise<{ readonly sessions: number; readonly tokens: number }> {
  const params = { path: { user_id: userId }, query: { take: MOST } };
  const [sessions, tokens] = await Promise.all([
    api.GET('/users/{user_id}/sessions', { params }),
    api.GET('/users/{user_id}/refresh-tokens', { params }),
  ]);
  return { sessions: sessions.data.sessions.length, tokens: tokens.data.tokens.length };
}

const upTo = (number: number, one: string) => (number >= MOST ? `${MOST} or more ${one}s` : count(number, one));

function Effect({ organization, person }: { readonly organization: Organization; readonly person: Person }) {
  const { data } = useQuery({ queryKey: ['users', person.user_id, 'open'], queryFn: () => readOpen(person.user_id) });
  const title = organization.display_name;
  const roles = person.member.roles.map(({ name }) => name).join(', ');
  return (
    <List spacing="xs">
      <List.Item>
        Their membership of {title} ends{roles === '' ? '' : `, and they lose the roles ${roles}`}.
      </List.Item>
      {data && (
        <List.Item>
          {data.sessions === 0
            ? 'They have no active session.'
            : `They have ${upTo(data.sessions, 'active session')}, which can no longer be used for ${title}.`}
        </List.Item>
      )}
      {data && (
        <List.Item>
          {data.tokens === 0
            ? 'They have no refresh tokens.'
            : `They have ${upTo(data.tokens, 'refresh token')}. Those for ${title} are revoked at once.`}{' '}
          Access tokens stay valid until they expire.
        </List.Item>
      )}
      <List.Item>
        The account stays
        {person.other_organizations > 0 &&
          `, and so does the membership of ${count(person.other_organizations, 'other organization')}`}
        .
      </List.Item>
      <List.Item>They can become a member again by an invitation, or by signing in if auto-membership is on.</List.Item>
    </List>
  );
}

export interface RemoveMemberProps {
  readonly organization: Organization;
  readonly person: Person;
  onDone(): void;
}

export function RemoveMember({ organization, person, onDone }: RemoveMemberProps) {
  const { id } = organization;
  const run = () =>
    api.DELETE('/organizations/{id}/members', { params: { path: { id } }, body: { members: [person.user_id] } });
  return (
    <ConfirmButton
      verb="Remove member"
      question={`Remove ${callPerson(person)} from ${organization.display_name}?`}
      effect={<Effect organization={organization} person={person} />}
      danger
      run={run}
      changes={[organizationKey(id)]}
      onDone={onDone}
    />
  );
}
