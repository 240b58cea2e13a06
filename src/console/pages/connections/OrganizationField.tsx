/** Chooses one organization: among those that use the connection, or any other by its name, as it stands in the address of its pages. */
import { Button, Group, NativeSelect, Skeleton, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { FailureNote } from '../../parts/FailureNote';
import type { Connection, OrganizationUse } from './answers';
import { useOrganizationChoice } from './queries';

async function findByName(name: string): Promise<OrganizationUse> {
  const { data } = await api.GET('/organizations/name/{name}', {
    params: { path: { name: name.trim().toLowerCase() } },
  });
  return data as unknown as OrganizationUse;
}

function ByName({ onChange }: { readonly onChange: (id: string) => void }) {
  const [name, setName] = useState('');
  const search = useMutation({ mutationFn: () => findByName(name), onSuccess: ({ id }) => onChange(id) });
  const found = search.data;
  return (
    <>
      <Group align="end" wrap="nowrap">
        <TextInput
          style={{ flex: 1 }}
          label="Name of the organization"
          description="The short one, such as acme."
          required
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
            search.reset();
            onChange('');
          }}
          autoComplete="off"
        />
        <Button
          variant="default"
          loading={search.isPending}
          disabled={name.trim() === ''}
          onClick={() => search.mutate()}
        >
          Find
        </Button>
      </Group>
      {found && (
        <Text size="sm" role="status">
          {found.display_name ?? found.name}
        </Text>
      )}
      {search.error && <FailureNote error={search.error} />}
    </>
  );
}

interface AmongUsersProps {
  readonly connection: Connection;
  readonly onChange: (id: string) => void;
}

function AmongUsers({ connection, onChange }: AmongUsersProps) {
  const { data: items = [], isPending } = useOrganizationChoice(connection.id);
  if (isPending) return <Skeleton height={60} />;
  if (items.length === 0) return <ByName onChange={onChange} />;
  return (
    <NativeSelect
      label="Organization"
      required
      data={[
        { value: '', label: 'Choose one' },
        ...items.map((one) => ({ value: one.id, label: one.display_name ?? one.name })),
      ]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

export interface OrganizationFieldProps {
  readonly connection: Connection | undefined;
  /** An id, or nothing while none is chosen. */
  onChange(id: string): void;
}

export function OrganizationField({ connection, onChange }: OrganizationFieldProps) {
  return connection === undefined ? (
    <ByName onChange={onChange} />
  ) : (
    <AmongUsers connection={connection} onChange={onChange} />
  );
}
