/** The roles of a member in one organization. Each added or removed role is saved at once. */
import { Button, Group, Pill, Select, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { useRoles } from '../../invite/choices';
import { FailureNote } from '../../parts/FailureNote';
import { usePowers } from '../../session/powers';
import type { Organization, Person } from './answers';
import { organizationKey } from './queries';

interface Change {
  readonly role: string;
  readonly method: 'POST' | 'DELETE';
}

function useRoleChange(id: string, userId: string) {
  return useMutation({
    mutationFn: ({ role, method }: Change) => {
      const request = { params: { path: { id, user_id: userId } }, body: { roles: [role] } };
      const path = '/organizations/{id}/members/{user_id}/roles' as const;
      return method === 'POST' ? api.POST(path, request) : api.DELETE(path, request);
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [...organizationKey(id), 'people'] }),
  });
}

export function MemberRoles({
  organization,
  person,
}: {
  readonly organization: Organization;
  readonly person: Person;
}) {
  const { data: all = [] } = useRoles();
  const [wanted, setWanted] = useState<string | null>(null);
  const change = useRoleChange(organization.id, person.user_id);
  const may = usePowers();
  const { roles } = person.member;
  const free = all.filter(({ id }) => roles.every((role) => role.id !== id));
  const give = () => {
    if (wanted === null) return;
    change.mutate({ role: wanted, method: 'POST' }, { onSuccess: () => setWanted(null) });
  };
  return (
    <Stack gap="xs">
      <Title order={3} size="h4">
        Roles in {organization.display_name}
      </Title>
      {roles.length === 0 && <Text c="dimmed">No roles.</Text>}
      <Group gap="xs">
        {roles.map(({ id, name }) => (
          <Pill
            key={id}
            size="md"
            withRemoveButton={may('delete:organization_member_roles')}
            onRemove={() => change.mutate({ role: id, method: 'DELETE' })}
            removeButtonProps={{ 'aria-label': `Remove role ${name}`, 'aria-hidden': false, tabIndex: 0 }}
          >
            {name}
          </Pill>
        ))}
      </Group>
      {may('create:organization_member_roles') && (
        <Group align="end" gap="sm">
          <Select
            label="New role"
            placeholder={all.length === 0 ? 'No roles exist yet' : 'Choose a role'}
            data={free.map(({ id, name }) => ({ value: id, label: name }))}
            value={wanted}
            onChange={setWanted}
            searchable
            disabled={free.length === 0}
          />
          <Button variant="default" onClick={give} disabled={wanted === null} loading={change.isPending}>
            Assign role
          </Button>
        </Group>
      )}
      {change.error && <FailureNote error={change.error} />}
    </Stack>
  );
}
