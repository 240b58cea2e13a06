/**
 * Tells people whose roles permit only reading why they can change nothing here; renders nothing for others. The server
 * decides.
 */
import { Text } from '@mantine/core';
import { usePowers } from '../session/powers';

export interface RoleNoteProps {
  /** Scopes of which each is enough for changes. */
  readonly scopes: readonly string[];
  /** Names of the shown things, for the sentence: "the limits". */
  readonly shown?: string;
}

export function RoleNote({ scopes, shown = 'these settings' }: RoleNoteProps) {
  const may = usePowers();
  if (scopes.some(may)) return null;
  return (
    <Text size="sm" c="dimmed">
      Your role can view {shown}, but cannot change them. Ask an owner.
    </Text>
  );
}
