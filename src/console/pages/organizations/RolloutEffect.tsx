/**
 * Shows how many people a change of `sso_rollout` affects, before the change is saved. The server counts them; this
 * page reads no list of people.
 */
import { Alert, List, Text } from '@mantine/core';
import { FailureNote } from '../../parts/FailureNote';
import { type ConnectionTotals, count, type Enablement, type Organization } from './answers';
import { useConnectionTotals } from './queries';

const tell = (number: number) => number.toLocaleString('en');

function sayRequired(totals: ConnectionTotals, connection: string): readonly string[] {
  const { only_password: password, only_password_break_glass: breakGlass } = totals;
  const others = password - breakGlass;
  return [
    `${count(totals.addresses_led, 'member has', 'members have')} an address that leads to ${connection}. ${tell(totals.bound)} ${totals.bound === 1 ? 'is' : 'are'} already linked to it, ${tell(totals.expected)} prepared.`,
    `${count(password, 'member has', 'members have')} only a password; ${tell(breakGlass)} of them ${breakGlass === 1 ? 'is' : 'are'} break-glass and can keep using it.`,
    others === 0
      ? 'Nobody loses access.'
      : `${count(others, 'member')} must then sign in through the company. Those unknown to its identity provider can no longer sign in.`,
    ...(breakGlass === 0 && totals.addresses_led > 0
      ? ['No member with only a password is break-glass. If the identity provider is down, perhaps nobody can sign in.']
      : []),
  ];
}

export interface RolloutEffectProps {
  readonly organization: Organization;
  readonly enablement: Enablement;
  readonly wanted: 'optional' | 'required';
  readonly isChanged: boolean;
}

export function RolloutEffect({ organization, enablement, wanted, isChanged }: RolloutEffectProps) {
  const { data, error } = useConnectionTotals(organization.id, enablement.connection_id, isChanged);
  if (!isChanged) return null;
  if (error) return <FailureNote error={error} />;
  if (data === undefined) return <Text c="dimmed">Counting the people affected…</Text>;
  const told =
    wanted === 'required'
      ? sayRequired(data, enablement.connection.name)
      : [`${count(data.addresses_led, 'member')} can use a password again, if they have one.`];
  return (
    <Alert variant="light" color={wanted === 'required' ? 'yellow' : 'ink'} title="Effect of this change" role="status">
      <List size="sm" spacing={4}>
        {told.map((sentence) => (
          <List.Item key={sentence}>{sentence}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
