/** A word about the state of an Action or a module. The word says it, never the colour alone. */
import { Badge } from '@mantine/core';
import type { ReactNode } from 'react';

export function Mark({ color, children }: { readonly color: string; readonly children: ReactNode }) {
  return (
    <Badge
      color={color}
      variant="light"
      // Round at its ends on two lines, too.
      radius="lg"
      h="auto"
      py={2}
      styles={{ label: { whiteSpace: 'normal' } }}
    >
      {children}
    </Badge>
  );
}
