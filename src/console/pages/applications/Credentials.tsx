/**
 * The page about how an application authenticates: by a secret, by keys, or not at all. Shows a secret only if the
 * server returns it, and only after the operator asks for it.
 */
import { Anchor, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { CopyText } from '../../parts/CopyText';
import { usePowers } from '../../session/powers';
import { ApplicationFrame } from './ApplicationFrame';
import type { Client } from './answers';
import { Keys } from './Keys';
import { clientKey, sayLogins, useLoginsOfClient } from './queries';
import { isPublic, signsPeopleIn } from './words';

const SAYS = {
  client_secret_post: 'The application sends its secret in the body of its requests (client_secret_post).',
  client_secret_basic: 'The application sends its secret in the header of its requests (client_secret_basic).',
  none: 'The application has no secret, because it could not keep one. Each sign-in is protected by PKCE.',
  private_key_jwt: 'The application signs its requests with a private key that it never sends (private_key_jwt).',
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
      Show secret
    </Anchor>
  );
}

function Rotate({ client }: { readonly client: Client }) {
  const logins = useLoginsOfClient(client.client_id);
  const isForPeople = signsPeopleIn(client);
  return (
    <ConfirmButton
      verb="Rotate secret"
      question={`Rotate the secret of ${client.name}?`}
      effect={
        <Stack gap="sm">
          <Text>
            The old secret stops working at once. Until every running copy of the application has the new one,{' '}
            {isForPeople ? 'nobody can sign in to it and no token is renewed.' : 'it can get no tokens.'}
          </Text>
          <Text>
            {isForPeople && `It had ${sayLogins(logins)}. `}
            To change credentials without an interruption, use keys: two can be valid at the same time.
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
            ? 'The secret is not shown. Either the application has permissions that you lack, or its secret is set in the server’s environment.'
            : 'Your role cannot view secrets. An owner of this server can.'}
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
