/**
 * The two signs on the page Today: everything works, or something fails. Each says so in words, never by color alone.
 */
import { Group, List, Text, ThemeIcon } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** Renders a sentence that says that everything works. */
export function Well({ children }: { readonly children: ReactNode }) {
  return (
    <Group gap="xs" wrap="nowrap" align="start">
      <ThemeIcon variant="light" color="teal" size={24} radius="xl" aria-hidden>
        <IconCheck size={16} />
      </ThemeIcon>
      <Text c="dimmed">{children}</Text>
    </Group>
  );
}

/** Renders a list of problems: failures now (red), or in the near future (yellow). */
export function Troubles({ color, children }: { readonly color: 'red' | 'yellow'; readonly children: ReactNode }) {
  const sign = (
    <ThemeIcon variant="light" color={color} size={24} radius="xl" aria-hidden>
      <IconAlertTriangle size={16} />
    </ThemeIcon>
  );
  return (
    <List spacing="xs" icon={sign}>
      {children}
    </List>
  );
}
