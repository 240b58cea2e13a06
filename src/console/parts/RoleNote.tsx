/** Says why a person whose roles only permit reading can change nothing here; empty for others. The server decides. */
import { Text } from '@mantine/core';
import { usePowers } from '../session/powers';

export interface RoleNoteProps {
  /** Each of these is enough to change it. */
  readonly scopes: readonly string[];
  /** Names of the shown things, for the sentence: "the limits". */
  readonly shown?: string;
}

export function RoleNote({ scopes, shown = 'these settings' }: RoleNoteProps) {
  const may = usePowers();
  if (scopes.some(may)) return null;
  return (
    <Text size="sm" c="dimmed">
      Your role shows {shown}; an owner changes them.
    </Text>
  );
}
