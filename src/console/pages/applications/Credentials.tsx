/**
 * How an application authenticates: by a secret, by keys, or not at all. A secret is shown only if the server returns
 * it, and on request.
 */
import { Anchor, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client';
import { CopyText } from '../../parts/CopyText';
import { Deed } from '../../parts/Deed';
import { usePowers } from '../../session/powers';
import { ApplicationFrame } from './ApplicationFrame';
import type { Client } from './answers';
import { Keys } from './Keys';
import { clientKey, sayLogins, useLoginsOfClient } from './queries';
import { isPublic, signsPeopleIn } from './words';

const SAYS = {
  client_secret_post: 'It sends its secret in the body of its requests (client_secret_post).',
  client_secret_basic: 'It sends its secret in the header of its requests (client_secret_basic).',
  none: 'It has no secret, since it could not keep one; each sign-in is protected by PKCE.',
  private_key_jwt: 'It signs its requests with a key that never leaves it (private_key_jwt).',
} as const;

const methodOf = (client: Client) =>
  client.client_authentication_methods?.private_key_jwt
    ? 'private_key_jwt'
    : (client.token_endpoint_auth_method ?? 'none');

function Shown({ secret }: { readonly secret: string }) {
  const [open, setOpen] = useState(false);
  if (open) return <CopyText text={secret} name="the client secret" />;
  return (
    <Anchor component="button" type="button" onClick={() => setOpen(true)} style={{ alignSelf: 'start' }}>
      Show the secret
    </Anchor>
  );
}

function Rotate({ client }: { readonly client: Client }) {
  const logins = useLoginsOfClient(client.client_id);
  const isForPeople = signsPeopleIn(client);
  return (
    <Deed
      verb="Rotate the secret"
      question={`Give ${client.name} another secret?`}
      effect={
        <Stack gap="sm">
          <Text>
            The old secret stops at once. Until every running copy of the application has the new one,{' '}
            {isForPeople ? 'nobody can sign in to it and no token is renewed.' : 'it gets no token.'}
          </Text>
          <Text>
            {isForPeople && `It had ${sayLogins(logins)}. `}
            To change over without a gap, use keys: two can be good at a time.
          </Text>
        </Stack>
      }
      danger
      run={() => api.POST('/clients/{id}/rotate-secret', { params: { path: { id: client.client_id } } })}
      changes={[clientKey(client.client_id)]}
    />
  );
}

function Secret({ client }: { readonly client: Client }) {
  const may = usePowers();
  const { client_secret: secret } = client;
  return (
    <Stack gap="sm" component="section" aria-labelledby="secret">
      <Title order={2} size="h4" id="secret">
        Secret
      </Title>
      {secret === undefined ? (
        <Text c="dimmed">
          {may('read:client_keys')
            ? 'The server does not show it: the application may do more than you may, or its secret stands in the server’s environment.'
            : 'Your role does not show secrets. An owner of this server sees it here.'}
        </Text>
      ) : (
        <Shown key={secret} secret={secret} />
      )}
      {may('update:client_keys') && (
        <div>
          <Rotate client={client} />
        </div>
      )}
    </Stack>
  );
}

function Body({ client }: { readonly client: Client }) {
  const method = methodOf(client);
  return (
    <Stack maw={720} gap="xl">
      <Text>{SAYS[method]}</Text>
      {(method === 'client_secret_post' || method === 'client_secret_basic') && <Secret client={client} />}
      {!isPublic(client) && <Keys client={client} />}
    </Stack>
  );
}

export function Credentials() {
  return <ApplicationFrame>{(client) => <Body client={client} />}</ApplicationFrame>;
}
