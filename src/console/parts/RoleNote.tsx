/** Says why nothing can be changed here, to somebody whose roles only show it; nothing to anybody else. The server decides. */
import { Text } from '@mantine/core';
import { usePowers } from '../session/powers';

export interface RoleNoteProps {
  /** One of these is enough to change it. */
  readonly scopes: readonly string[];
  /** The things that are shown, with their verb: "the limits". */
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
