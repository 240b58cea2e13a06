/**
 * The actions on a whole account: block and unblock, new password, verification mail, delete. Each shows its effects
 * first.
 */
import { List, Loader, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../api/client';
import { Deed } from '../../parts/Deed';
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
      <List.Item>Every sign-in is refused from now on, in every organization, by whichever connection.</List.Item>
      <List.Item>
        Ends at once: {count(data.sessions, 'session')}, {count(data.tokens, 'refresh token')}.
      </List.Item>
      <List.Item>
        The seat in {count(data.organizations.length, 'organization')} stays, with its roles. Unblocking gives
        everything back but the sessions.
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
        Loses {count(data.organizations.length, 'seat')}
        {names.length > 0 && ` (${names.join(', ')}${data.organizations.length > names.length ? ' …' : ''})`}, with the
        roles there.
      </List.Item>
      <List.Item>
        Ends: {count(data.sessions, 'session')}, {count(data.tokens, 'refresh token')}.
      </List.Item>
      <List.Item>
        {user.identities.length === 1 ? 'Their way in is' : `Their ${user.identities.length} ways in are`} forgotten.
        Should the person sign in again, they are a stranger with a new id.
      </List.Item>
      <List.Item>The log keeps its lines. There is no way back.</List.Item>
    </List>
  );
}

function Block({ user }: { readonly user: User }) {
  const isBlocked = user.blocked === true;
  return (
    <Deed
      verb={isBlocked ? 'Unblock' : 'Block'}
      question={`${isBlocked ? 'Unblock' : 'Block'} ${nameOf(user)}?`}
      danger={!isBlocked}
      effect={
        isBlocked ? (
          <Text size="sm">They may sign in again wherever they have a seat. Their roles are as they were.</Text>
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
    <Deed
      verb="Send verification mail"
      question={`Write to ${user.email}?`}
      effect={
        <Text size="sm">
          A mail with a link goes to this address. Whoever opens it there proves the mailbox, and the address is
          verified from then on.
        </Text>
      }
      run={() => api.POST('/jobs/verification-email', { body: { user_id: user.user_id } })}
      changes={[]}
    />
  );
}

function Delete({ user }: { readonly user: User }) {
  const navigate = useNavigate();
  return (
    <Deed
      verb="Delete"
      question={`Delete ${nameOf(user)} for good?`}
      danger
      typed={user.email ?? user.user_id}
      effect={<DeleteEffect user={user} />}
      run={() => api.DELETE('/users/{id}', pathOf(user))}
      changes={[['people', 'list']]}
      onDone={() => void navigate({ to: '/people' })}
    />
  );
}

export function PersonDeeds({ user }: { readonly user: User }) {
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
