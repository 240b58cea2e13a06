/**
 * A button that disables a connection for an organization. Its dialog first shows how many members lose a way to sign
 * in.
 */
import { type ButtonProps, List, Text } from '@mantine/core';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { count, type Enablement, type Organization } from './answers';
import { enablementsKey, useConnectionTotals } from './queries';

function Effect({
  organization,
  enablement,
}: {
  readonly organization: Organization;
  readonly enablement: Enablement;
}) {
  const { data } = useConnectionTotals(organization.id, enablement.connection_id);
  const { name, strategy } = enablement.connection;
  if (data === undefined) return <Text c="dimmed">Counting the people affected…</Text>;
  return (
    <List spacing="xs">
      <List.Item>
        Nobody can sign in to {organization.display_name} with {name} any more, and refresh tokens issued through it are
        revoked.
      </List.Item>
      {strategy !== 'auth0' && (
        <List.Item>
          {count(data.bound, 'member has', 'members have')} signed in with it.{' '}
          {data.bound_without_password.toLocaleString('en')} of them{' '}
          {data.bound_without_password === 1 ? 'has' : 'have'} no password to sign in with instead.
        </List.Item>
      )}
      <List.Item>
        Its settings for this organization are deleted. Members stay members, and their linked identities stay.
      </List.Item>
    </List>
  );
}

export interface DisableConnectionProps {
  readonly organization: Organization;
  readonly enablement: Enablement;
  readonly size?: NonNullable<ButtonProps['size']>;
  onDone?(): void;
}

export function DisableConnection({ organization, enablement, ...button }: DisableConnectionProps) {
  const path = { id: organization.id, connectionId: enablement.connection_id };
  return (
    <ConfirmButton
      verb="Disable connection"
      question={`Disable ${enablement.connection.name} for ${organization.display_name}?`}
      effect={<Effect organization={organization} enablement={enablement} />}
      danger
      run={() => api.DELETE('/organizations/{id}/enabled_connections/{connectionId}', { params: { path } })}
      changes={[enablementsKey(organization.id)]}
      {...button}
    />
  );
}
