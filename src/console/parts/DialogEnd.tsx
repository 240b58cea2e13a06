/** The end of a dialog: the way out first, then the deed, at the right. Every dialog ends so. */
import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';

export interface DialogEndProps {
  onLeave(): void;
  /** "Cancel", if not given. */
  readonly leave?: string;
  /** The keyboard begins at the way out: for deeds that cannot be taken back. */
  readonly startsThere?: boolean;
  /** The buttons that do it. */
  readonly children?: ReactNode;
}

export function DialogEnd({ onLeave, leave = 'Cancel', startsThere = false, children }: DialogEndProps) {
  return (
    <Group justify="end">
      <Button variant="default" onClick={onLeave} {...(startsThere && { 'data-autofocus': true })}>
        {leave}
      </Button>
      {children}
    </Group>
  );
}
