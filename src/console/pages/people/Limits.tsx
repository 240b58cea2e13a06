/** Shows that the sign-in limits of this person's address are used up. Renders nothing while they are not. */
import { Alert, Group, Text } from '@mantine/core';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { usePowers } from '../../session/powers';
import { nameOf, type User } from './answers';
import { personKey, useUserBlocks } from './queries';

export function Limits({ user }: { readonly user: User }) {
  const { data = [] } = useUserBlocks(user.user_id);
  const may = usePowers();
  if (data.length === 0) return null;
  const networks = [...new Set(data.flatMap(({ ip }) => (ip === undefined ? [] : [ip])))];
  return (
    <Alert color="gray" variant="light" title="Too many attempts">
      <Text size="sm">
        Passwords for {user.email} are refused for a while
        {networks.length > 0 && `, from ${networks.join(', ')}`}, because too many were wrong. This ends automatically.
      </Text>
      {may('update:users') && (
        <Group mt="sm">
          <ConfirmButton
            verb="Reset limit"
            size="xs"
            question={`Reset the limit for ${nameOf(user)}?`}
            effect={
              <Text size="sm">
                Attempts for this address are counted from zero again. If somebody is guessing the password, they can
                continue too, so make sure that it was the person.
              </Text>
            }
            run={() => api.DELETE('/user-blocks/{id}', { params: { path: { id: user.user_id } } })}
            changes={[[...personKey(user.user_id), 'blocks']]}
          />
        </Group>
      )}
    </Alert>
  );
}
