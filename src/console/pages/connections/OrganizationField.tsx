/**
 * The form field for one organization. Offers those that use the connection. If there is no connection, or none or too
 * many organizations use it, searches all organizations by the beginning of their name.
 */
import { Skeleton } from '@mantine/core';
import { useState } from 'react';
import { NativeSelect } from '../../parts/inputs';
import { OrganizationPicker } from '../../parts/OrganizationPicker';
import type { Connection } from './answers';
import { useOrganizationChoice } from './queries';

interface AnyProps {
  readonly onChange: (id: string) => void;
}

function AnyOrganization({ onChange }: AnyProps) {
  const [id, setId] = useState<string>();
  return (
    <OrganizationPicker
      label="Organization"
      description="Type the beginning of its name."
      required
      value={id}
      onChange={(chosen) => {
        setId(chosen);
        onChange(chosen ?? '');
      }}
    />
  );
}

interface AmongUsersProps extends AnyProps {
  readonly connection: Connection;
}

function AmongUsers({ connection, onChange }: AmongUsersProps) {
  const { data, isPending } = useOrganizationChoice(connection.id);
  if (isPending) return <Skeleton height={60} />;
  const { items = [], next } = data ?? {};
  if (items.length === 0 || next !== undefined) return <AnyOrganization onChange={onChange} />;
  return (
    <NativeSelect
      fills="enabled_organizations"
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
  /** Called with the id of the chosen organization. */
  onChange(id: string): void;
}

export function OrganizationField({ connection, onChange }: OrganizationFieldProps) {
  return connection === undefined ? (
    <AnyOrganization onChange={onChange} />
  ) : (
    <AmongUsers connection={connection} onChange={onChange} />
  );
}
