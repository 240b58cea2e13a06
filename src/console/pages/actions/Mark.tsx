/** The state of an Action or a module: a word in a colour. The colour alone never says it. */
import { Badge } from '@mantine/core';
import type { ReactNode } from 'react';

export function Mark({ color, children }: { readonly color: string; readonly children: ReactNode }) {
  return (
    <Badge
      color={color}
      variant="light"
      // A fixed radius: with the default, the ends would look wrong when the text needs two lines.
      radius="lg"
      h="auto"
      py={2}
      styles={{ label: { whiteSpace: 'normal' } }}
    >
      {children}
    </Badge>
  );
}
