/** The sessions of a person, and the refresh tokens that applications hold for them. Revokes one of them, or all. */
import { Group, Stack, Text, Title } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { Fragment } from 'react';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { type Column, ListTable } from '../../parts/ListTable';
import { Moment } from '../../parts/Moment';
import { ApplicationName } from '../../parts/Named';
import { usePowers } from '../../session/powers';
import { nameOf, type RefreshToken, type Session, type User } from './answers';
import { PersonFrame } from './PersonFrame';
import { count, personKey, useRefreshTokens, useSessions } from './queries';

const route = getRouteApi('/people/$userId/sessions');

const keysOf = ({ user_id: userId }: User) => [
  [...personKey(userId), 'sessions'],
  [...personKey(userId), 'tokens'],
  [...personKey(userId), 'amounts'],
];

const clientsOf = ({ clients }: Session) => [...new Set(clients.map(({ client_id: id }) => id))];

function Applications({ ids }: { readonly ids: readonly string[] }) {
  if (ids.length === 0) return 'none yet';
  return ids.map((id, index) => (
    <Fragment key={id}>
      {index > 0 && ', '}
      <ApplicationName id={id} />
    </Fragment>
  ));
}

const sessionColumns = (user: User, mayEnd: boolean): readonly Column<Session>[] => [
  { name: 'Applications', cell: (session) => <Applications ids={clientsOf(session)} /> },
  { name: 'Signed in', cell: (session) => <Moment at={session.authenticated_at} /> },
  {
    name: 'Signed in with',
    wide: true,
    cell: ({ authentication }) =>
      authentication.methods
        .map(({ name }) => (name === 'federated' ? 'the company’s sign-in' : name === 'pwd' ? 'password' : name))
        .join(', '),
  },
  { name: 'Last used', cell: (session) => <Moment at={session.last_interacted_at} /> },
  { name: 'Expires', wide: true, cell: (session) => <Moment at={session.expires_at} /> },
  ...(mayEnd
    ? [
        {
          name: 'Revoke',
          isButtons: true,
          cell: (session: Session) => (
            <ConfirmButton
              verb="Revoke session"
              size="xs"
              question={`Revoke this session of ${nameOf(user)}?`}
              effect={
                <Text size="sm">
                  The browser is signed out of {count(clientsOf(session).length, 'application')}, and refresh tokens of
                  this session are revoked. The person can sign in again.
                </Text>
              }
              run={() => api.POST('/sessions/{id}/revoke', { params: { path: { id: session.id } } })}
              changes={keysOf(user)}
            />
          ),
        },
      ]
    : []),
];

const tokenColumns = (user: User, mayEnd: boolean): readonly Column<RefreshToken>[] => [
  { name: 'Application', cell: (token) => <ApplicationName id={token.client_id} /> },
  { name: 'Issued', wide: true, cell: (token) => <Moment at={token.created_at} /> },
  { name: 'Last used', cell: (token) => <Moment at={token.last_exchanged_at ?? undefined} /> },
  { name: 'Expires', wide: true, cell: (token) => <Moment at={token.expires_at} /> },
  ...(mayEnd
    ? [
        {
          name: 'Revoke',
          isButtons: true,
          cell: (token: RefreshToken) => (
            <ConfirmButton
              verb="Revoke token"
              size="xs"
              question={`Revoke this refresh token of ${nameOf(user)}?`}
              effect={
                <Text size="sm">
                  The application can no longer use it to get access tokens. Existing access tokens stay valid until
                  they expire.
                </Text>
              }
              run={() => api.DELETE('/refresh-tokens/{id}', { params: { path: { id: token.id } } })}
              changes={keysOf(user)}
            />
          ),
        },
      ]
    : []),
];

async function endAll({ user_id: userId }: User) {
  const params = { path: { user_id: userId } };
  await api.DELETE('/users/{user_id}/refresh-tokens', { params });
  return api.DELETE('/users/{user_id}/sessions', { params });
}

function EndAll({
  user,
  sessions,
  tokens,
}: {
  readonly user: User;
  readonly sessions: string;
  readonly tokens: string;
}) {
  return (
    <ConfirmButton
      verb="Revoke all sessions"
      danger
      question={`Revoke all sessions of ${nameOf(user)}?`}
      effect={
        <Text size="sm">
          This revokes {sessions} and {tokens}. Existing access tokens stay valid until they expire. The person can sign
          in again; to prevent that, block them.
        </Text>
      }
      run={() => endAll(user)}
      changes={keysOf(user)}
    />
  );
}

function Held({ user }: { readonly user: User }) {
  const may = usePowers();
  const [sessions, tokens] = [useSessions(user.user_id), useRefreshTokens(user.user_id)];
  const [maySessions, mayTokens] = [may('delete:sessions'), may('delete:refresh_tokens')];
  const say = (list: { items: readonly unknown[]; hasMore: boolean }, thing: string) =>
    list.hasMore ? `all ${thing}s (more than ${list.items.length})` : count(list.items.length, thing);
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Title order={2} size="h4">
          Sessions
        </Title>
        {maySessions && mayTokens && sessions.items.length + tokens.items.length > 0 && (
          <EndAll user={user} sessions={say(sessions, 'session')} tokens={say(tokens, 'refresh token')} />
        )}
      </Group>
      <ListTable
        caption="Sessions"
        list={sessions}
        columns={sessionColumns(user, maySessions)}
        rowKey={({ id }) => id}
        empty="No active sessions."
      />
      <Title order={2} size="h4">
        Refresh tokens
      </Title>
      <ListTable
        caption="Refresh tokens"
        list={tokens}
        columns={tokenColumns(user, mayTokens)}
        rowKey={({ id }) => id}
        empty="No refresh tokens."
      />
    </Stack>
  );
}

export function PersonSessions() {
  const { userId } = route.useParams();
  return <PersonFrame userId={userId}>{(user) => <Held user={user} />}</PersonFrame>;
}
