/**
 * The identities that an operator moved away from this person, each with a button that undoes the move. Renders nothing
 * if there are none.
 */
import { Card, Group, Stack, Text, Title } from '@mantine/core';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { Facts } from '../../parts/Facts';
import { Moment } from '../../parts/Moment';
import { usePowers } from '../../session/powers';
import { type MovedIdentity, nameOf, type User } from './answers';
import { personKey, useMovedIdentities } from './queries';

function Restore({ user, moved }: { readonly user: User; readonly moved: MovedIdentity }) {
  const path = { id: user.user_id, identity_id: moved.identity_id };
  return (
    <ConfirmButton
      verb="Undo move"
      size="xs"
      question={`Undo the move of ${nameOf(user)} from ${moved.subject}?`}
      effect={
        <Text size="sm">
          The old identity can sign in again, as before the move. If the new identity has signed in since, it loses
          access and its sessions are revoked.
          {moved.absorbed_user_id !== undefined && ` The removed account ${moved.absorbed_user_id} is restored.`}
        </Text>
      }
      run={() =>
        api.POST('/users/{id}/moved-identities/{identity_id}/restore', {
          params: { path },
          body: { end_new_identity: true },
        })
      }
      changes={[personKey(user.user_id)]}
    />
  );
}

export function MovedSeats({ user }: { readonly user: User }) {
  const { data = [] } = useMovedIdentities(user.user_id);
  const may = usePowers();
  if (data.length === 0) return null;
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        Moved identities
      </Title>
      {data.map((moved) => (
        <Card key={moved.identity_id} withBorder padding="md">
          <Group justify="space-between" align="start">
            <Facts
              facts={[
                ['Connection', moved.connection],
                ['Old user ID', moved.subject],
                ['Moved', <Moment key="moved" at={moved.moved_at} />],
              ]}
            />
            {may('update:users') && <Restore user={user} moved={moved} />}
          </Group>
        </Card>
      ))}
    </Stack>
  );
}
