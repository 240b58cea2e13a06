/** The number of people affected by `sso_rollout`, shown before it is saved. The server counts; no list is read. */
import { Alert, List, Text } from '@mantine/core';
import { FailureNote } from '../../parts/FailureNote';
import { type ConnectionTotals, count, type Enablement, type Organization } from './answers';
import { useConnectionTotals } from './queries';

const tell = (number: number) => number.toLocaleString('en');

function sayRequired(totals: ConnectionTotals, connection: string): readonly string[] {
  const { only_password: password, only_password_break_glass: breakGlass } = totals;
  const others = password - breakGlass;
  return [
    `${count(totals.addresses_led, 'member has', 'members have')} an address that leads to ${connection}; ${tell(totals.bound)} ${totals.bound === 1 ? 'is' : 'are'} linked to it already, ${tell(totals.expected)} are prepared.`,
    `${count(password, 'member has', 'members have')} only a password; ${tell(breakGlass)} of them ${breakGlass === 1 ? 'is' : 'are'} break-glass and may go on using it.`,
    others === 0
      ? 'Nobody loses their way in.'
      : `${count(others, 'member')} must sign in at the company from then on. Those whom its identity provider does not know cannot come in any more.`,
    ...(breakGlass === 0 && totals.addresses_led > 0
      ? ['No member with a password alone is break-glass: when the identity provider is down, perhaps nobody gets in.']
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
  if (data === undefined) return <Text c="dimmed">Counting the people whom this changes something for…</Text>;
  const told =
    wanted === 'required'
      ? sayRequired(data, enablement.connection.name)
      : [`${count(data.addresses_led, 'member')} may use a password again where they have one.`];
  return (
    <Alert
      variant="light"
      color={wanted === 'required' ? 'yellow' : 'ink'}
      title="What saving this changes"
      role="status"
    >
      <List size="sm" spacing={4}>
        {told.map((sentence) => (
          <List.Item key={sentence}>{sentence}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
