/**
 * The public keys of an application, with buttons that add, use, stop using or delete one. Never handles a private key.
 */
import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { FailureNote } from '../../parts/FailureNote';
import { Moment } from '../../parts/Moment';
import { usePowers } from '../../session/powers';
import type { Client, Credential } from './answers';
import { NewKey } from './NewKey';
import { clientKey, useCredentials } from './queries';

const inUse = (client: Client): readonly string[] =>
  (client.client_authentication_methods?.private_key_jwt?.credentials ?? []).map(({ id }) => id);

/** Makes the application authenticate by the keys with these ids. Without ids, it authenticates by its secret. */
function writeKeys(client: Client, ids: readonly string[]) {
  const body =
    ids.length > 0
      ? {
          token_endpoint_auth_method: null,
          client_authentication_methods: { private_key_jwt: { credentials: ids.map((id) => ({ id })) } },
        }
      : { client_authentication_methods: null, token_endpoint_auth_method: 'client_secret_post' as const };
  return api.PATCH('/clients/{id}', { params: { path: { id: client.client_id } }, body });
}

function KeyButtons({ client, credential }: { readonly client: Client; readonly credential: Credential }) {
  const used = inUse(client);
  const changes = [clientKey(client.client_id)];
  const { id, name } = credential;
  if (used.includes(id)) {
    const left = used.filter((other) => other !== id);
    return (
      <ConfirmButton
        size="xs"
        verb="Stop using key"
        question={`Stop using ${name}?`}
        effect={
          left.length > 0
            ? 'Requests signed with this key are refused at once. The other key stays valid.'
            : 'This is the last key in use. The application must authenticate with its secret again, and signed requests are refused.'
        }
        danger
        run={() => writeKeys(client, left)}
        changes={changes}
      />
    );
  }
  return (
    <>
      <ConfirmButton
        size="xs"
        verb="Use key"
        question={`Use ${name} for authentication?`}
        effect={
          used.length > 0
            ? 'The key becomes valid in addition to the one in use.'
            : 'From now on only signed requests are accepted, and the secret stops working at once. Start the application with the private key at the same time.'
        }
        run={() => writeKeys(client, [...used, id])}
        changes={changes}
      />
      <ConfirmButton
        size="xs"
        verb="Delete key"
        question={`Delete ${name}?`}
        effect="The key is not in use, so nothing is interrupted."
        danger
        run={() =>
          api.DELETE('/clients/{client_id}/credentials/{credential_id}', {
            params: { path: { client_id: client.client_id, credential_id: id } },
          })
        }
        changes={changes}
      />
    </>
  );
}

function KeyCard({
  client,
  credential,
  mayChange,
}: {
  readonly client: Client;
  readonly credential: Credential;
  readonly mayChange: boolean;
}) {
  return (
    <Paper withBorder p="sm" component="li">
      <Group justify="space-between">
        <div style={{ overflowWrap: 'anywhere' }}>
          <Group gap="xs">
            <Text fw={600} dir="auto">
              {credential.name}
            </Text>
            {inUse(client).includes(credential.id) && (
              <Badge variant="outline" color="teal" tt="none" c="var(--mantine-color-text)">
                in use
              </Badge>
            )}
          </Group>
          <Text size="sm" c="dimmed">
            {credential.alg}, key ID {credential.kid}, added <Moment at={credential.created_at} />
            {credential.expires_at !== undefined && (
              <>
                , expires <Moment at={credential.expires_at} />
              </>
            )}
          </Text>
        </div>
        {mayChange && (
          <Group gap="xs">
            <KeyButtons client={client} credential={credential} />
          </Group>
        )}
      </Group>
    </Paper>
  );
}

export function Keys({ client }: { readonly client: Client }) {
  const may = usePowers();
  const maySee = may('read:client_credentials');
  const keys = useCredentials(client.client_id, maySee);
  return (
    <Stack gap="sm" component="section" aria-labelledby="keys">
      <Title order={2} size="h4" id="keys">
        Keys
      </Title>
      <Text c="dimmed">
        An application can have two keys: the one in use and its successor. The server stores only public keys.
      </Text>
      {!maySee && <Text c="dimmed">Your role cannot view keys.</Text>}
      {keys.error !== null && <FailureNote error={keys.error} onRetry={() => void keys.refetch()} />}
      <ul style={{ listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: 8 }} aria-label="Keys">
        {(keys.data ?? []).map((credential) => (
          <KeyCard
            key={credential.id}
            client={client}
            credential={credential}
            mayChange={may('update:client_credentials')}
          />
        ))}
      </ul>
      {may('create:client_credentials') && (
        <NewKey clientId={client.client_id} disabled={(keys.data?.length ?? 0) >= 2} />
      )}
    </Stack>
  );
}
