/**
 * The form field for one organization. Offers those that use the connection. If there is no connection, or none or too
 * many organizations use it, searches all organizations by the beginning of their name. Chooses the only
 * one by itself.
 */
import { Skeleton } from '@mantine/core';
import { useEffect } from 'react';
import { NativeSelect } from '../../parts/inputs';
import { OrganizationPicker } from '../../parts/OrganizationPicker';
import type { Connection } from './answers';
import { useOrganizationChoice } from './queries';

interface AnyProps {
  /** Id of the chosen organization; empty while none is chosen. */
  readonly value: string;
  readonly onChange: (id: string) => void;
}

function AnyOrganization({ value, onChange }: AnyProps) {
  return (
    <OrganizationPicker
      label="Organization"
      description="Type the beginning of its name."
      required
      value={value === '' ? undefined : value}
      onChange={(chosen) => onChange(chosen ?? '')}
    />
  );
}

interface AmongUsersProps extends AnyProps {
  readonly connection: Connection;
}

function AmongUsers({ connection, value, onChange }: AmongUsersProps) {
  const { data, isPending } = useOrganizationChoice(connection.id);
  const only = data?.next === undefined && data?.items.length === 1 ? data.items[0]?.id : undefined;
  const isEmpty = value === '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the list arrives, and not again when the operator clears the field
  useEffect(() => {
    if (only !== undefined && isEmpty) onChange(only);
  }, [only]);
  if (isPending) return <Skeleton height={60} />;
  const { items = [], next } = data ?? {};
  if (items.length === 0 || next !== undefined) return <AnyOrganization value={value} onChange={onChange} />;
  return (
    <NativeSelect
      fills="enabled_organizations"
      label="Organization"
      required
      value={value}
      data={[
        { value: '', label: 'Choose one' },
        ...items.map((one) => ({ value: one.id, label: one.display_name ?? one.name })),
      ]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

export interface OrganizationFieldProps extends AnyProps {
  readonly connection: Connection | undefined;
}

export function OrganizationField({ connection, ...field }: OrganizationFieldProps) {
  return connection === undefined ? <AnyOrganization {...field} /> : <AmongUsers connection={connection} {...field} />;
}
