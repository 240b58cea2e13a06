/**
 * Shows the addresses that the ready code needs and the application's settings lack. A button adds all of them; it
 * removes none.
 */
import { Alert, Button, List, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { ifStill, versionOf } from '../../api/version';
import { FailureNote } from '../../parts/FailureNote';
import { usePowers } from '../../session/powers';
import type { Client } from './answers';
import type { CodeAddresses as Addresses } from './kits/kit';
import { CLIENTS, readClient } from './queries';
import { findMissing } from './ready-code';
import { SETTINGS_LABELS } from './settings-values';

async function add(id: string, addresses: Addresses): Promise<void> {
  const before = await readClient(id);
  const body = findMissing(before, addresses);
  const sent = {
    ...(body.callbacks && { callbacks: [...body.callbacks] }),
    ...(body.allowed_logout_urls && { allowed_logout_urls: [...body.allowed_logout_urls] }),
    ...(body.web_origins && { web_origins: [...body.web_origins] }),
    ...(body.initiate_login_uri && { initiate_login_uri: body.initiate_login_uri }),
  };
  // The request replaces each list as a whole. So it is conditional: if somebody else has changed the application
  // meanwhile, it is refused instead of undoing their change.
  await api.PATCH('/clients/{id}', { ...ifStill(versionOf(before)), params: { path: { id } }, body: sent });
  await queryClient.invalidateQueries({ queryKey: CLIENTS });
}

/** Returns the missing addresses, each with its label on the page of settings. */
function listMissing(client: Client, addresses: Addresses): readonly (readonly [name: string, address: string])[] {
  const missing = findMissing(client, addresses);
  const { callbacks, logoutUrls, origins, loginUri } = SETTINGS_LABELS;
  return [
    ...(missing.callbacks ? [[String(callbacks), addresses.callback] as const] : []),
    ...(missing.allowed_logout_urls ? [[String(logoutUrls), addresses.logout] as const] : []),
    ...(missing.web_origins ? [[String(origins), addresses.origin ?? ''] as const] : []),
    ...(missing.initiate_login_uri ? [[String(loginUri), addresses.login] as const] : []),
  ];
}

export function CodeAddresses({ client, addresses }: { readonly client: Client; readonly addresses: Addresses }) {
  const may = usePowers();
  const adding = useMutation({ mutationFn: () => add(client.client_id, addresses) });
  const missing = listMissing(client, addresses);
  if (missing.length === 0) {
    if (client.initiate_login_uri === addresses.login) return null;
    return (
      <Text size="sm">
        Invitation links lead to {client.initiate_login_uri}, but this code starts sign-ins at {addresses.login}.
      </Text>
    );
  }
  return (
    <Alert color="yellow" variant="light" title="These addresses are missing in the application’s settings">
      <Stack gap="sm" align="start">
        <List size="sm">
          {missing.map(([name, address]) => (
            <List.Item key={name}>
              {name}: <span dir="ltr">{address}</span>
            </List.Item>
          ))}
        </List>
        {adding.error && <FailureNote error={adding.error} />}
        {may('update:clients') ? (
          <Button size="xs" onClick={() => adding.mutate()} loading={adding.isPending}>
            Add addresses
          </Button>
        ) : (
          <Text size="sm">Your role cannot add them. Ask an owner.</Text>
        )}
      </Stack>
    </Alert>
  );
}
