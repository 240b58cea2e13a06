/**
 * Shows whether people can sign in by a company's connection without an organization, with a button that changes this.
 * There is no button while an organization uses the connection, since the server then refuses to allow it.
 */
import { Group, List, Stack, Text, Title } from '@mantine/core';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { usePowers } from '../../session/powers';
import { type Connection, nameOf } from './answers';
import { connectionKey, useOrganizationsInNumbers } from './queries';

function save({ id }: Connection, needsOrganization: boolean) {
  return api.PATCH('/connections/{id}', {
    params: { path: { id } },
    body: { needs_organization: needsOrganization },
  });
}

function Allow({ connection }: { readonly connection: Connection }) {
  return (
    <ConfirmButton
      verb="Allow without organization"
      question={`Allow sign-ins with ${nameOf(connection)} without an organization?`}
      danger
      typed={connection.name}
      effect={
        <List size="sm" spacing={4}>
          <List.Item>
            Everybody with an account at this provider can sign in to applications that allow it. This includes former
            members and people you do not know.
          </List.Item>
          <List.Item>Refresh tokens that were issued without an organization work again.</List.Item>
          <List.Item>When an organization enables the connection, this is turned off again.</List.Item>
        </List>
      }
      run={() => save(connection, false)}
      changes={[connectionKey(connection.id)]}
    />
  );
}

function Forbid({ connection }: { readonly connection: Connection }) {
  return (
    <ConfirmButton
      verb="Require organization"
      question={`Require an organization for ${nameOf(connection)}?`}
      effect={<Text size="sm">Nobody can sign in with this connection until an organization enables it.</Text>}
      run={() => save(connection, true)}
      changes={[connectionKey(connection.id)]}
    />
  );
}

/** Renders the text, and the button if the operator may change connections. */
export function WithoutOrganization({ connection }: { readonly connection: Connection }) {
  const may = usePowers();
  const { data: uses } = useOrganizationsInNumbers(connection.id);
  const needs = connection.needs_organization === true;
  const isUsed = uses === undefined || uses.total > 2 || uses.organizations.some((one) => one.is_enabled);
  return (
    <Stack gap="xs" mt="xl">
      <Title order={2} size="h4">
        Sign-in without an organization
      </Title>
      <Text size="sm">
        {needs
          ? 'This connection requires an organization, because an organization uses it or has used it.'
          : 'People can sign in with this connection without an organization, if the application allows it.'}
      </Text>
      {may('update:connections') && !isUsed && (
        <Group>{needs ? <Allow connection={connection} /> : <Forbid connection={connection} />}</Group>
      )}
    </Stack>
  );
}
