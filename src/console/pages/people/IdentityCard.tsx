/**
 * A card about one identity of a person: its connection, who vouches for its address, and how it was bound. Has buttons
 * that replace the identity by one of another account at the provider, and that remove it.
 */
import { Anchor, Badge, Card, Code, Group, Spoiler, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { Facts } from '../../parts/Facts';
import { Moment } from '../../parts/Moment';
import { sayStrategy } from '../../parts/strategy-words';
import { usePowers } from '../../session/powers';
import { type BoundIdentity, nameOf, type User } from './answers';
import { MoveSeat } from './MoveSeat';
import { personKey } from './queries';
import { Voucher } from './Voucher';
import { sayBinding } from './vouchers';

interface IdentityProps {
  readonly user: User;
  readonly identity: BoundIdentity;
}

function Heading({ identity }: Pick<IdentityProps, 'identity'>) {
  return (
    <Group gap="xs">
      <Anchor component={Link} to={`/connections/${identity.connection_id}`} fw={600} dir="auto">
        {identity.connection}
      </Anchor>
      <Badge variant="light" tt="none" color="gray">
        {sayStrategy(identity.provider)}
      </Badge>
      {identity.status === 'expected' && (
        <Badge variant="light" tt="none" color="gray">
          Not used yet
        </Badge>
      )}
      {identity.is_primary && (
        <Badge variant="light" tt="none" color="gray">
          Primary
        </Badge>
      )}
      {identity.scim?.inactive === true && (
        <Badge variant="light" tt="none" color="red">
          Blocked by SCIM
        </Badge>
      )}
    </Group>
  );
}

function AddressThere({ identity }: Pick<IdentityProps, 'identity'>) {
  return (
    <>
      {identity.email}
      <Text size="sm" c="dimmed">
        <Voucher voucher={identity.email_vouched_by} />
      </Text>
    </>
  );
}

function How({ identity }: Pick<IdentityProps, 'identity'>) {
  const hasEvidence = identity.evidence !== undefined && Object.keys(identity.evidence).length > 0;
  return (
    <Facts
      facts={[
        ...(identity.issuer === undefined ? [] : [['Issuer', identity.issuer] as const]),
        ...(identity.provider === 'auth0' ? [] : [['User ID at the provider', identity.subject] as const]),
        ...(identity.expected_email === undefined ? [] : [['Expected address', identity.expected_email] as const]),
        ...(identity.email === undefined
          ? []
          : [['Address at the provider', <AddressThere key="there" identity={identity} />] as const]),
        ['How it was linked', sayBinding(identity.bound_by)],
        ['Linked', <Moment key="when" at={identity.bound_at ?? identity.created_at} />],
        ...(hasEvidence
          ? [
              [
                'Evidence',
                <Spoiler key="evidence" maxHeight={72} showLabel="Show all" hideLabel="Show less">
                  <Code block>{JSON.stringify(identity.evidence, null, 2)}</Code>
                </Spoiler>,
              ] as const,
            ]
          : []),
      ]}
    />
  );
}

/**
 * A button that removes an identity from a person. The API deletes an identity that was only prepared by an operator;
 * any other identity becomes a separate account.
 */
function TakeAway({ user, identity }: IdentityProps) {
  // The path's type lists Auth0's providers by name, but the identity's provider is typed as any text.
  const path = { id: user.user_id, provider: identity.provider as 'oidc', user_id: identity.user_id };
  return (
    <ConfirmButton
      verb="Remove identity"
      size="xs"
      danger
      question={`Remove the identity at ${identity.connection} from ${nameOf(user)}?`}
      effect={
        <Text size="sm">
          {identity.status === 'expected'
            ? 'The person can no longer be linked by this prepared identity. Existing identities do not change.'
            : 'This person can no longer sign in with it. A linked identity becomes a separate account without memberships.'}
        </Text>
      }
      run={() => api.DELETE('/users/{id}/identities/{provider}/{user_id}', { params: { path } })}
      changes={[personKey(user.user_id)]}
    />
  );
}

export function IdentityCard({ user, identity, isOnly }: IdentityProps & { readonly isOnly: boolean }) {
  const may = usePowers();
  const isCompany = identity.provider !== 'auth0';
  return (
    <Card withBorder padding="md">
      <Stack gap="sm">
        <Group justify="space-between">
          <Heading identity={identity} />
          {may('update:users') && (
            <Group gap="xs">
              {isCompany && identity.status === 'bound' && <MoveSeat user={user} identity={identity} />}
              {!isOnly && !identity.is_primary && <TakeAway user={user} identity={identity} />}
            </Group>
          )}
        </Group>
        <How identity={identity} />
      </Stack>
    </Card>
  );
}
