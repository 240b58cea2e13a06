/** The line under the heading of an object's page: its kind and state, and the id for scripts, with a copy button. */
import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyText } from './CopyText';

export interface LeadProps {
  readonly id: string;
  /** Names the id for screen readers: "the client ID". */
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
