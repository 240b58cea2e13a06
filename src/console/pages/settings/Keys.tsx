/** The keys that sign tokens: the current one, the next one, and former ones that are still accepted. */
import { Badge, Stack, Text } from '@mantine/core';
import { api } from '../../api/client';
import { useList } from '../../api/list';
import { Deed } from '../../parts/Deed';
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
  current: { color: 'green', name: 'signs', says: 'New tokens are signed with it.' },
  next: { color: 'blue', name: 'next', says: 'Published; signs once every gateway had the time to read it.' },
  previous: { color: 'gray', name: 'previous', says: 'Tokens of before are still believed.' },
} as const;

const stateOf = ({ current, next }: SigningKey) => STATES[current ? 'current' : next ? 'next' : 'previous'];

export function Keys() {
  const allows = usePowers();
  const list = useList(KEY, read);
  return (
    <Stack>
      <Text maw={640}>
        Applications read these keys from <code>/.well-known/jwks.json</code>. A rotation publishes a new key now; it
        signs by itself three hours later, so that nothing breaks.
      </Text>
      <RoleNote scopes={['create:signing_keys', 'update:signing_keys']} shown="the keys" />
      {allows('create:signing_keys') && (
        <Deed
          verb="Rotate"
          question="Make the next signing key?"
          effect="It is published now and signs in three hours. Tokens that were signed before stay good until they end."
          run={() => api.POST('/keys/signing/rotate')}
          changes={[KEY]}
          style={{ alignSelf: 'start' }}
        />
      )}
      <ListTable
        caption="Signing keys"
        list={list}
        rowKey={({ kid }) => kid}
        empty="No key"
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
          { name: 'Signs since', wide: true, cell: ({ current_since: since }) => <Moment at={since} /> },
          {
            name: 'Revoke',
            isDeeds: true,
            cell: ({ kid, current }) =>
              allows('update:signing_keys') && (
                <Deed
                  verb="Revoke"
                  question="Revoke this signing key?"
                  effect={`Every token that it signed stops being good at once${current ? ', and the next key signs from now on' : ''}. Do this when the key leaked.`}
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
