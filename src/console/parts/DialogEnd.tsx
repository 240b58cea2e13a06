/** The buttons at the end of every dialog, on the right: first cancel, then the action. */
import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';

export interface DialogEndProps {
  onLeave(): void;
  /** Label of the cancel button; "Cancel" by default. */
  readonly leave?: string;
  /** True: the cancel button has the focus first. For actions that cannot be undone. */
  readonly startsThere?: boolean;
  /** The buttons of the dialog's action. */
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
