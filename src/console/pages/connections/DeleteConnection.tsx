/**
 * A button that deletes a connection. Its dialog first shows how many people have an identity at the connection, and
 * which organizations use it.
 */
import { List, Loader } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { usePowers } from '../../session/powers';
import { type Connection, nameOf } from './answers';
import { CONNECTIONS, useOrganizationsInNumbers, usePeopleOf } from './queries';

const MANY = 100;

function Effect({ connection }: { readonly connection: Connection }) {
  const organizations = useOrganizationsInNumbers(connection.id);
  const people = usePeopleOf(connection.name, true);
  if (organizations.isLoading || people.isLoading) return <Loader size="sm" aria-label="Counting" />;
  const total = organizations.data?.total ?? 0;
  const names = organizations.data?.organizations.map((one) => one.display_name ?? one.name).join(', ');
  return (
    <List size="sm" spacing={4}>
      <List.Item>
        {total === 0
          ? 'No organization uses this connection.'
          : `${total} organization${total === 1 ? '' : 's'} can no longer use it to sign in: ${names}${total > 2 ? ' …' : ''}.`}
      </List.Item>
      <List.Item>
        {people.data === 0
          ? 'Nobody has an identity at this connection.'
          : `${people.data === undefined ? 'People' : `${people.data} ${people.data === 1 ? 'person' : 'people'}`} lose their identity here${
              (people.data ?? MANY) > 0 ? ', and those without another one can no longer sign in' : ''
            }.`}
      </List.Item>
      <List.Item>Its settings, secrets and SCIM tokens are deleted. This cannot be undone.</List.Item>
    </List>
  );
}

export function DeleteConnection({ connection }: { readonly connection: Connection }) {
  const may = usePowers();
  const navigate = useNavigate();
  if (!may('delete:connections')) return null;
  return (
    <ConfirmButton
      verb="Delete connection"
      question={`Permanently delete ${nameOf(connection)}?`}
      danger
      typed={connection.name}
      effect={<Effect connection={connection} />}
      run={() => api.DELETE('/connections/{id}', { params: { path: { id: connection.id } } })}
      changes={[[...CONNECTIONS, 'list']]}
      onDone={() => void navigate({ to: '/connections' })}
    />
  );
}
