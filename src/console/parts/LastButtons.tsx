/**
 * The actions at the end of an object's settings that close or delete it, apart from all others. Each is described in a
 * sentence, so that nobody has to press a button to learn its effect.
 */
import { Group, Paper, Stack, Text } from '@mantine/core';
import { Children, type ReactNode } from 'react';

export interface LastButtonProps {
  /** The action's effect, in one sentence. */
  readonly says: string;
  /** The button of the action. */
  readonly children: ReactNode;
}

/** Renders one action: its sentence, and the button beside it. */
export function LastButton({ says, children }: LastButtonProps) {
  return (
    <Group justify="space-between" gap="sm">
      <Text size="sm" style={{ flex: '1 1 16rem' }}>
        {says}
      </Text>
      {children}
    </Group>
  );
}

/** The list of these actions; renders nothing if the operator's role permits none of them. */
export function LastButtons({ children }: { readonly children: ReactNode }) {
  if (Children.toArray(children).length === 0) return null;
  return (
    <Paper withBorder p="md" maw={720}>
      <Stack>{children}</Stack>
    </Paper>
  );
}
