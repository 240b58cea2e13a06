/**
 * The page of one API: its permissions, the settings of its tokens, and the applications that may get them. The APIs of
 * this server itself cannot be changed.
 */
import { Divider, Stack, Text } from '@mantine/core';
import { useNavigate, useParams } from '@tanstack/react-router';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { LastButton, LastButtons } from '../../parts/LastButtons';
import { Lead } from '../../parts/Lead';
import { Loaded } from '../../parts/Loaded';
import { Page } from '../../parts/Page';
import { WithoutEffectNote } from '../../parts/WithoutEffectNote';
import { usePowers } from '../../session/powers';
import { ApiForm } from './ApiForm';
import type { Api } from './answers';
import { GrantsOfApi } from './Grants';
import { APIS, useApi, useGrants } from './queries';

const CRUMBS = [{ to: '/applications/apis', name: 'APIs' }];

function Delete({ found }: { readonly found: Api }) {
  const navigate = useNavigate();
  const grants = useGrants({ audience: found.identifier });
  const count = `${grants.items.length}${grants.hasMore ? ' or more' : ''}`;
  return (
    <ConfirmButton
      verb="Delete API"
      question={`Delete ${found.name ?? found.identifier}?`}
      effect={`Applications can no longer get tokens for it. This removes ${count} access grants, and its ${found.scopes?.length ?? 0} permissions from all roles.`}
      danger
      run={() => api.DELETE('/resource-servers/{id}', { params: { path: { id: found.id } } })}
      changes={[[...APIS, 'list']]}
      onDone={() => void navigate({ to: '/applications/apis', ignoreBlocker: true })}
    />
  );
}

function Body({ found }: { readonly found: Api }) {
  const may = usePowers();
  return (
    <Stack gap="xl" maw={860}>
      <WithoutEffectNote path="/resource-servers" settings={found} />
      {found.is_system ? (
        <Text c="dimmed">
          This is the server’s own API. Its {found.scopes?.length ?? 0} permissions come with the server and cannot be
          changed.
        </Text>
      ) : (
        <ApiForm key={found.id} found={found} />
      )}
      <Divider />
      <GrantsOfApi audience={found.identifier} />
      {!found.is_system && may('delete:resource_servers') && (
        <LastButtons>
          <LastButton says="Deleting the API means that applications can no longer get tokens for it. Its permissions are removed from all roles.">
            <Delete found={found} />
          </LastButton>
        </LastButtons>
      )}
    </Stack>
  );
}

export function ApiPage() {
  const { apiId = '' } = useParams({ strict: false });
  const found = useApi(apiId);
  return (
    <Page
      title={found.data?.name ?? found.data?.identifier ?? 'API'}
      lead={found.data && <Lead id={found.data.identifier} idName="the identifier" />}
      crumbs={CRUMBS}
    >
      <Loaded query={found}>{(one) => <Body found={one} />}</Loaded>
    </Page>
  );
}
