/** The keys that sign tokens: the current one, the next one, and earlier ones whose tokens are still accepted. */
import { Badge, Stack, Text } from '@mantine/core';
import { api } from '../../api/client';
import { useList } from '../../api/list';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { ListTable } from '../../parts/ListTable';
import { Moment } from '../../parts/Moment';
import { RoleNote } from '../../parts/RoleNote';
import { usePowers } from '../../session/powers';

interface SigningKey {
  readonly kid: string;
  readonly current?: boolean;
  readonly next?: boolean;
  readonly current_since?: string;
  readonly current_until?: string;
}

const KEY = ['signing-keys'];

async function read() {
  const { data } = await api.GET('/keys/signing');
  return { items: data, next: undefined };
}

const STATES = {
  current: { color: 'green', name: 'current', says: 'Signs new tokens.' },
  next: { color: 'blue', name: 'next', says: 'Published. Signs tokens once applications have had time to load it.' },
  previous: { color: 'gray', name: 'previous', says: 'Tokens signed with it are still accepted.' },
} as const;

const stateOf = ({ current, next }: SigningKey) => STATES[current ? 'current' : next ? 'next' : 'previous'];

export function Keys() {
  const allows = usePowers();
  const list = useList(KEY, read);
  return (
    <Stack>
      <Text maw={640}>
        Applications read these keys from <code>/.well-known/jwks.json</code>. Rotating publishes a new key now. It
        starts to sign three hours later, so that applications can load it first.
      </Text>
      <RoleNote scopes={['create:signing_keys', 'update:signing_keys']} shown="the keys" />
      {allows('create:signing_keys') && (
        <ConfirmButton
          verb="Rotate keys"
          question="Rotate the signing keys?"
          effect="A new key is published now and starts to sign in three hours. Existing tokens stay valid until they expire."
          run={() => api.POST('/keys/signing/rotate')}
          changes={[KEY]}
          style={{ alignSelf: 'start' }}
        />
      )}
      <ListTable
        caption="Signing keys"
        list={list}
        rowKey={({ kid }) => kid}
        empty="No keys"
        columns={[
          { name: 'Key', cell: ({ kid }) => <code>{kid}</code> },
          {
            name: 'State',
            isPlain: true,
            cell: (key) => (
              <>
                <Badge color={stateOf(key).color} variant="light" autoContrast>
                  {stateOf(key).name}
                </Badge>
                <Text size="sm" c="dimmed">
                  {stateOf(key).says}
                </Text>
              </>
            ),
          },
          { name: 'In use since', wide: true, cell: ({ current_since: since }) => <Moment at={since} /> },
          {
            name: 'Revoke key',
            isButtons: true,
            cell: ({ kid, current }) =>
              allows('update:signing_keys') && (
                <ConfirmButton
                  verb="Revoke key"
                  question="Revoke this signing key?"
                  effect={`All tokens signed with this key become invalid at once${current ? ', and the next key is used from now on' : ''}. Do this if the key was leaked.`}
                  danger
                  size="xs"
                  run={() => api.PUT('/keys/signing/{kid}/revoke', { params: { path: { kid } } })}
                  changes={[KEY]}
                />
              ),
          },
        ]}
      />
    </Stack>
  );
}
