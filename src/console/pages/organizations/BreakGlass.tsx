/**
 * Shows and changes whether a member is break-glass: whether they may use the password although the company's sign-in
 * is required. While it is required, the API refuses to remove the mark from the last such member; the dialog shows its
 * reason.
 */
import { Badge, Group, Stack, Text, Title } from '@mantine/core';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { usePowers } from '../../session/powers';
import { callPerson, type Organization, type Person } from './answers';
import { organizationKey } from './queries';

function Switch({ organization, person }: { readonly organization: Organization; readonly person: Person }) {
  const isOn = person.member.break_glass;
  const name = callPerson(person);
  const run = () =>
    api.PATCH('/organizations/{id}/members/{user_id}', {
      params: { path: { id: organization.id, user_id: person.user_id } },
      body: { break_glass: !isOn },
    });
  const takes = person.has_password
    ? `${name} can no longer sign in with the password while the company’s sign-in is required.`
    : `${name} has no usable password, so nothing changes for them.`;
  const gives = person.has_password
    ? `${name} can sign in with their password even while the company’s sign-in is required, for example when the identity provider is down. ${organization.display_name} is then only as safe as this password.`
    : `${name} has no password yet. Break-glass has no effect until they set one.`;
  return (
    <ConfirmButton
      verb={isOn ? 'Remove break-glass' : 'Allow break-glass'}
      question={isOn ? `Remove break-glass from ${name}?` : `Allow break-glass for ${name}?`}
      effect={isOn ? takes : gives}
      run={run}
      changes={[organizationKey(organization.id)]}
    />
  );
}

export function BreakGlass({ organization, person }: { readonly organization: Organization; readonly person: Person }) {
  const may = usePowers();
  return (
    <Stack gap="xs">
      <Title order={3} size="h4">
        Break-glass
      </Title>
      <Group>
        {person.member.break_glass ? <Badge variant="light">Break-glass</Badge> : <Text>Not break-glass</Text>}
        {may('update:organization_members') && <Switch organization={organization} person={person} />}
      </Group>
    </Stack>
  );
}
