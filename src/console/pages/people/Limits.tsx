/** The sign-in limits that this person's address has reached. Shown only while one applies. */
import { Alert, Group, Text } from '@mantine/core';
import { api } from '../../api/client';
import { Deed } from '../../parts/Deed';
import { usePowers } from '../../session/powers';
import { nameOf, type User } from './answers';
import { personKey, useUserBlocks } from './queries';

export function Limits({ user }: { readonly user: User }) {
  const { data = [] } = useUserBlocks(user.user_id);
  const may = usePowers();
  if (data.length === 0) return null;
  const networks = [...new Set(data.flatMap(({ ip }) => (ip === undefined ? [] : [ip])))];
  return (
    <Alert color="gray" variant="light" title="Too many tries">
      <Text size="sm">
        Passwords for {user.email} are not looked at for a while
        {networks.length > 0 && `, from ${networks.join(', ')}`}: there were too many wrong ones. It ends by itself.
      </Text>
      {may('update:users') && (
        <Group mt="sm">
          <Deed
            verb="Let them try again"
            size="xs"
            question={`Lift the limit of ${nameOf(user)}?`}
            effect={
              <Text size="sm">
                The counters of this address start anew. If somebody was guessing the password, they can go on guessing,
                too: make sure that it was the person.
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
