/**
 * The line below the heading of an object's page: its kind and state, and its id, which scripts need, with a copy
 * button.
 */
import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyText } from './CopyText';

export interface LeadProps {
  readonly id: string;
  /** The name of the id for screen readers, for example "the client ID". */
  readonly idName: string;
  readonly children?: ReactNode;
}

export function Lead({ id, idName, children }: LeadProps) {
  return (
    <Group gap="sm" style={{ overflowWrap: 'anywhere' }}>
      {children}
      <CopyText text={id} name={idName} />
    </Group>
  );
}
