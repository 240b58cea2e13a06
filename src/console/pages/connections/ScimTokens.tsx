/**
 * The tokens that a company's directory sends with its SCIM requests. There can be two, so that one can replace the
 * other without a gap. A new token is shown once.
 */
import { Alert, Button, Card, Group, Stack, Switch, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { CopyText } from '../../parts/CopyText';
import { FailureNote } from '../../parts/FailureNote';
import { Loaded } from '../../parts/Loaded';
import { Moment } from '../../parts/Moment';
import { usePowers } from '../../session/powers';
import type { Connection, ScimToken } from './answers';
import { connectionKey, useScimTokens } from './queries';

const PATH = '/connections/{id}/scim-configuration/tokens';
const MOST = 2;
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const scopesFor = (things: readonly string[]) =>
  things.flatMap((thing) => METHODS.map((method) => `${method}:${thing}`));

const keyOf = ({ id }: Connection) => [...connectionKey(id), 'scim-tokens'];

async function make({ id }: Connection, withGroups: boolean): Promise<string> {
  const { data } = await api.POST(PATH, {
    params: { path: { id } },
    body: { scopes: scopesFor(withGroups ? ['users', 'groups'] : ['users']) },
  });
  return data.token;
}

function Maker({ connection }: { readonly connection: Connection }) {
  const [withGroups, setWithGroups] = useState(false);
  const request = useMutation({
    mutationFn: () => make(connection, withGroups),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keyOf(connection) }),
  });
  if (request.data !== undefined)
    return (
      <Alert color="yellow" variant="light" title="Copy the token now" role="status">
        <CopyText text={request.data} name="the token" />
        <Text size="sm" mt="xs">
          The token is not shown again. Anybody who has it can change the people of this connection, so give it to the
          company’s administrator in a secure way.
        </Text>
        <Button variant="default" size="xs" mt="sm" onClick={() => request.reset()}>
          I have copied the token
        </Button>
      </Alert>
    );
  return (
    <Stack gap="xs" align="start">
      <Switch
        label="Include groups"
        description="Needed only if roles depend on groups of the directory."
        checked={withGroups}
        onChange={(event) => setWithGroups(event.currentTarget.checked)}
      />
      {request.error && <FailureNote error={request.error} />}
      <Button loading={request.isPending} onClick={() => request.mutate()}>
        Create token
      </Button>
    </Stack>
  );
}

function Token({ connection, token }: { readonly connection: Connection; readonly token: ScimToken }) {
  const may = usePowers();
  const path = { id: connection.id, tokenId: token.token_id };
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between">
        <div>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {token.token_id}
          </Text>
          <Text size="sm" c="dimmed">
            Created <Moment at={token.created_at} />, last used <Moment at={token.last_used_at} />
            {token.valid_until !== undefined && (
              <>
                , expires <Moment at={token.valid_until} />
              </>
            )}
          </Text>
        </div>
        {may('delete:scim_token') && (
          <ConfirmButton
            verb="Delete token"
            size="xs"
            danger
            question="Delete this token?"
            effect={<Text size="sm">Requests with this token are refused at once. Provisioned people stay.</Text>}
            run={() => api.DELETE('/connections/{id}/scim-configuration/tokens/{tokenId}', { params: { path } })}
            changes={[keyOf(connection)]}
          />
        )}
      </Group>
    </Card>
  );
}

export function ScimTokens({ connection }: { readonly connection: Connection }) {
  const may = usePowers();
  const tokens = useScimTokens(connection.id, may('read:scim_token'));
  if (!may('read:scim_token')) return <Text c="dimmed">Your role cannot view the tokens.</Text>;
  return (
    <Stack w="100%">
      <Title order={2} size="h4">
        Tokens
      </Title>
      <Loaded query={tokens}>
        {(all) => (
          <>
            {all.length === 0 && (
              <Text c="dimmed">No tokens yet. The directory cannot provision people until you create one.</Text>
            )}
            {all.map((token) => (
              <Token key={token.token_id} connection={connection} token={token} />
            ))}
            {may('create:scim_token') && (all.length < MOST || tokens.isFetching) && <Maker connection={connection} />}
            {all.length >= MOST && <Text size="sm">Two tokens is the maximum. Delete one to create another.</Text>}
          </>
        )}
      </Loaded>
    </Stack>
  );
}
