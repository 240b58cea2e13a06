/**
 * Buttons that change a whole account: block or unblock, create a link for a new password, send a verification mail,
 * delete. The dialog of each first says what it changes.
 */
import { List, Loader, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { FailureNote } from '../../parts/FailureNote';
import { usePowers } from '../../session/powers';
import { nameOf, type User } from './answers';
import { PasswordLink } from './PasswordLink';
import { count, personKey, useAmounts } from './queries';

const pathOf = (user: User) => ({ params: { path: { id: user.user_id } } });

function BlockEffect({ user }: { readonly user: User }) {
  const { data, error } = useAmounts(user.user_id);
  if (error) return <FailureNote error={error} />;
  if (data === undefined) return <Loader size="sm" aria-label="Counting" />;
  return (
    <List size="sm" spacing={4}>
      <List.Item>The person can no longer sign in to any organization, with any connection.</List.Item>
      <List.Item>
        Revoked at once: {count(data.sessions, 'session')}, {count(data.tokens, 'refresh token')}.
      </List.Item>
      <List.Item>
        The membership of {count(data.organizations.length, 'organization')} stays, with its roles. Unblocking restores
        everything except the sessions.
      </List.Item>
    </List>
  );
}

function DeleteEffect({ user }: { readonly user: User }) {
  const { data, error } = useAmounts(user.user_id);
  if (error) return <FailureNote error={error} />;
  if (data === undefined) return <Loader size="sm" aria-label="Counting" />;
  const names = data.organizations.slice(0, 5).map((one) => one.display_name ?? one.name);
  return (
    <List size="sm" spacing={4}>
      <List.Item>
        Loses {count(data.organizations.length, 'membership')}
        {names.length > 0 && ` (${names.join(', ')}${data.organizations.length > names.length ? ' …' : ''})`}, with the
        roles there.
      </List.Item>
      <List.Item>
        Revoked: {count(data.sessions, 'session')}, {count(data.tokens, 'refresh token')}.
      </List.Item>
      <List.Item>
        {user.identities.length === 1 ? 'Their identity is' : `Their ${user.identities.length} identities are`} deleted.
        If the person signs in again, they are treated as new and get a new ID.
      </List.Item>
      <List.Item>Log entries are kept. This cannot be undone.</List.Item>
    </List>
  );
}

function Block({ user }: { readonly user: User }) {
  const isBlocked = user.blocked === true;
  return (
    <ConfirmButton
      verb={isBlocked ? 'Unblock person' : 'Block person'}
      question={`${isBlocked ? 'Unblock' : 'Block'} ${nameOf(user)}?`}
      danger={!isBlocked}
      effect={
        isBlocked ? (
          <Text size="sm">They can sign in again to all their organizations, with the same roles.</Text>
        ) : (
          <BlockEffect user={user} />
        )
      }
      run={() => api.PATCH('/users/{id}', { ...pathOf(user), body: { blocked: !isBlocked } })}
      changes={[personKey(user.user_id), ['people', 'list']]}
    />
  );
}

function VerifyMail({ user }: { readonly user: User }) {
  return (
    <ConfirmButton
      verb="Send verification email"
      question={`Send a verification email to ${user.email}?`}
      effect={
        <Text size="sm">The email contains a link. When the person opens it, the address is marked as verified.</Text>
      }
      run={() => api.POST('/jobs/verification-email', { body: { user_id: user.user_id } })}
      changes={[]}
    />
  );
}

function Delete({ user }: { readonly user: User }) {
  const navigate = useNavigate();
  return (
    <ConfirmButton
      verb="Delete person"
      question={`Permanently delete ${nameOf(user)}?`}
      danger
      typed={user.email ?? user.user_id}
      effect={<DeleteEffect user={user} />}
      run={() => api.DELETE('/users/{id}', pathOf(user))}
      changes={[['people', 'list']]}
      onDone={() => void navigate({ to: '/people' })}
    />
  );
}

export function PersonButtons({ user }: { readonly user: User }) {
  const may = usePowers();
  const hasPassword = user.identities.some(({ provider }) => provider === 'auth0');
  return (
    <>
      {hasPassword && may('create:user_tickets') && <PasswordLink user={user} />}
      {!user.email_verified && user.email !== undefined && may('update:users') && <VerifyMail user={user} />}
      {(may('update:users') || may('update:users_blocked')) && <Block user={user} />}
      {may('delete:users') && <Delete user={user} />}
    </>
  );
}
