/**
 * A select box for the connection by which a person would sign in. If none is chosen, the server uses the connection of
 * the domain in their address.
 */
import { NativeSelect } from '@mantine/core';
import type { BoundIdentity } from './answers';

export interface WayInProps {
  readonly identities: readonly BoundIdentity[];
  readonly value: string | undefined;
  onChange(connectionId: string | undefined): void;
}

export function WayIn({ identities, value, onChange }: WayInProps) {
  return (
    <NativeSelect
      label="Connection"
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
      data={[
        { value: '', label: 'chosen by their address' },
        ...identities.map((identity) => ({ value: identity.connection_id, label: identity.connection })),
      ]}
    />
  );
}
